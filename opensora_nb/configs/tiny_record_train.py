# The recipe of tiny_train in fewer seconds: the network and Muon's iteration compute in bf16, for which the processor needs
# units of its own (osnb-info: bf16 fast). The page of the leaderboard says what it takes and what was tried beside it.
_base_ = ["tiny_train.py"]
dtype = "bf16"
muon_dtype = "bf16"
