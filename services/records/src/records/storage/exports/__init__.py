"""Makes the files of exports: PDF in a process of its own, CSV and JSON in a thread."""
