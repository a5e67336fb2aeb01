"""What auth keeps beside its events: who may enter now, codes on their way, secrets as hashes.

One document per account decides (`access_documents`), one per code (`challenges`); both change by one conditional
update. Everything here speaks to MongoDB through the kit's port, and no driver error leaves it.
"""
