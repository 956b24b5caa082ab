"""The app of a Space: the tiny system, or any run that you name here."""
from opensora_nb.inference.app import main

main(['tiny'])
