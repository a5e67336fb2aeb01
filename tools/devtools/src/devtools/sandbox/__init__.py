"""A stand-in for the SMS, mail and e-ID providers: it speaks their protocols for real, and shows what arrived."""
