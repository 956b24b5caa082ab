# A longer budget: go on from a first run with the same text encoder and VAE, on new clips, at a lower rate.
# osnb-train tiny_more --ckpt-path outputs/000-STDiT2/epoch11-global_step4500/ema
_base_ = ["tiny_train.py"]
text_encoder = dict(from_pretrained="shipped:tiny/t5")
vae = dict(from_pretrained="shipped:tiny/vae")
model = dict(from_pretrained="shipped:tiny/stdit2")
seed = 43
lr = 1e-3
muon_lr = 2.5e-3
stable_fraction = 0.1
max_train_steps = 2000
