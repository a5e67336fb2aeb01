"""Health cards: issued, changed, withdrawn; whether one is valid on a day; and the code a facility scans."""
