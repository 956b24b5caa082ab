# The tiny system trained with rectified flow: the recipe of tiny_train, but for the process.
# Times are drawn nearer to noise than loc=0, scale=1 would: there a prompt is decided, and small clips are soon made out.
_base_ = ["tiny_train.py"]
scheduler = dict(_delete_=True, type="rflow", sample_method="logit-normal", loc=1.2, scale=1.4, cfg_scale=2.0)
