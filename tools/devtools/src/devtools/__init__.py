"""What `./dev` runs: servers and processes, the sandbox of SMS and mail, the story, checks, figures, requirements.

It knows the services as anyone outside does: by their command lines, their HTTP and their settings. Of the kit it uses
what operators need (parked messages, replay) and the forms of keys. Nothing of it is part of a deployment.
"""
