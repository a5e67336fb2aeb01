"""Who may enter an account now: its status and its one device session.

The state lives in one document per account, changed by one conditional update on `epoch`; the events follow from
it, one commit an epoch, in the stream `access-<account>`. Each module holds the rules of one subject; `decider`
puts them together. Source: ADR-0005, SES-02, SES-03.
"""
