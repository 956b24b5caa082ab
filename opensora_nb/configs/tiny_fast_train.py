# A student of tiny_flow that needs four evaluations and no guidance. About seven minutes on one core.
_base_ = ["tiny_flow_more.py"]
scheduler = dict(num_sampling_steps=4, cfg_scale=1.0)
distillation = dict(cfg_scale=2.0, fake_lr=5e-4)  # the teacher's guidance; the learning rate of the fake score
max_train_steps = 500
lr = 3e-4
muon_lr = 7.5e-4
stable_fraction = 0.5
ema_decay = 0.98
ckpt_every = 100
validation_steps = 100
seed = 44
