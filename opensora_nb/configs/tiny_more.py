# A longer budget: go on from a first run with the same text encoder and VAE, on new clips, at a lower rate.
# osnb-train tiny_more --ckpt-path outputs/000-STDiT2/stdit2
_base_ = ["tiny_train.py"]
text_encoder = dict(from_pretrained="shipped:tiny/t5")
vae = dict(from_pretrained="shipped:tiny/vae")
model = dict(from_pretrained="shipped:tiny/stdit2")
seed = 43
lr = 1e-3
matrix_lr = 2.5e-3
flat = 0.1
steps = 2000
