"""Who is insured: identity, numbers, who may read for the person, and that two records are one person's."""
