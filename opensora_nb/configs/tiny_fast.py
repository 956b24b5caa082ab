# The toy system in four evaluations a clip, without guidance: osnb-sample tiny_fast --prompt "a red heart bouncing at night"
_base_ = ["tiny.py"]
model = dict(from_pretrained="shipped:tiny/stdit2_fast")
scheduler = dict(_delete_=True, type="rflow", num_sampling_steps=4, cfg_scale=1.0)
