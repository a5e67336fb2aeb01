"""Reading the QR codes of cards. They are unsigned: they fill a form, they never prove identity."""
