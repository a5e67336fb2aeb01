"""Who may do what: accounts, credentials, one-time codes, the one device session of an account, staff log-in.

It does not judge declarations (registration does), send messages (notifications does) or hold what a person
contributed (records does). An account opens only because a declaration was found valid, or because an operator
enrolled a member of staff by hand: there is no default account.
"""
