"""Personal data: one key per person, look-ups without clear values, and sealed fields between services.

`PersonalDataCipher` encrypts with the person's own key from the `Keyring`; forgetting a person is destroying that
key. `BlindIndex` finds without showing. `Sealer` and `Opener` carry fields over the bus to one service only.
Source: ADR-0004.
"""
