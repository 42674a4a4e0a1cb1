import sys, json
sys.path.insert(0,"tools/runs")
from pathlib import Path
import torch
import acgan_nets, acgan_training
from acgan_training import generator, settings_of, fabric
from ppgn_lib.training.recipes import RECIPES, command
from ppgn_lib.training.source import SHIPPED
from ppgn_lib.training.loop import Run
from ppgn_lib.training.generator import Adversarial
from ppgn_lib.training.acgan import report_acgan
from ppgn_lib.training.previews import Previews
from ppgn_lib.networks import zoo
net, END = acgan_nets.net("A.6"), acgan_nets.end_of("A")
s = RECIPES["acgan"].settings
a, b = dict(settings_of(net)), dict(s)
print({k:(a[k],b[k]) for k in a if a[k]!=b[k]})
folder = Path(sys.argv[1]); folder.mkdir(exist_ok=True)
run = Run("acgan", settings_of(net).changed(steps=END), folder, fabric(), SHIPPED, {}, command("acgan", settings_of(net).changed(steps=END), SHIPPED))
data = SHIPPED.open("train")
there = data.labels()["item"]
y = torch.arange(10)
z = torch.randn(10, s.noise, generator=torch.Generator().manual_seed(s.seed))
now = {}
def draw(): return now["g"](z, y)
p = Previews(data.batch([int((there==c).nonzero()[0]) for c in range(10)]).x, draw)
with torch.no_grad():
    for steps in [s for s in net.states if s < END]:
        now["g"] = generator(net, steps)
        p.steps.append(steps); p.pictures.append((draw().clamp(-1,1)*127.5+127.5).round().to(torch.uint8))
now["g"] = generator(net, END)
d = zoo.load_file(acgan_training.WORK/"A.6"/f"d_{END}.safetensors").float()
log = json.loads((acgan_training.WORK/"A.6"/"card.json").read_text())["log"]
log = {k: [p for p in v if p[0] <= END] for k, v in log.items()} if isinstance(log, dict) else [p for p in log if p["step"] <= END]
report_acgan(run, Adversarial(now["g"], d, log, p))
