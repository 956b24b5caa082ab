# The whole tiny system from nothing: text encoder, VAE, then the denoiser. About half an hour on two cores at budget 1.
_base_ = ["_tiny.py"]
dataset = dict(type="World", num_clips=6000)
text_encoder = dict(from_pretrained=None)  # None: trained first, on the captions of the data set
vae = dict(from_pretrained=None)           # None: trained first, on its frames
model = dict(from_pretrained=None)
scheduler = dict(cfg_scale=2.0)
mask_ratios = dict(identity=0.75, image_head=0.1, quarter_head=0.1, image_head_tail=0.05)
max_train_steps = 4500      # of the denoiser, times the budget
batch_size = 16
lr = 2e-3         # AdamW: embeddings, biases, norms
muon_lr = 5e-3  # Muon: the matrices of the blocks
lr_warmup_steps = 20       # steps in which the rates rise
grad_clip = 1.0
ema_decay = 0.998
stable_fraction = 0.4        # of the steps, before the rates fall
checkpoints_total_limit = 2
outputs = "outputs"
