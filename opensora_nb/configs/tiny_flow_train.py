# The tiny system trained with rectified flow: the recipe of tiny_train, but for the process.
_base_ = ["tiny_train.py"]
scheduler = dict(_delete_=True, type="rflow", sample_method="logit-normal", cfg_scale=2.0)
