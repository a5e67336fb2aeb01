"""A stand-in for the SMS and mail providers: it speaks Twilio's HTTP API and SMTP for real, and shows what arrived."""
