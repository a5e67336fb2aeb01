"""Starting, watching and ending the processes of a running system, always by the id they were started with."""
