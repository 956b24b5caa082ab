# The tiny system on films and pictures from disk, several sizes and lengths mixed, with masks: what a data set of your own would be.
_base_ = ["tiny_train.py"]
dataset = dict(type="World", num_clips=6000, num_images=3000)
bucket_config = {
    "32": {8: (0.9, 16), 4: (1.0, 32), 1: (0.7, 48)},
    "24": {8: (1.0, 24), 1: (1.0, 96)},
}
batch_size = None
max_train_steps = None
epochs = 16
log_every = 50
ckpt_every = 1000
device = "cpu"
