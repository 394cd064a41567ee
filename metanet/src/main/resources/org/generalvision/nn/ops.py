  def without_storage(self: __torch__.Ops, shape: List[int]) -> Tensor:
    return torch.empty(shape, dtype=6, layout=None, device=torch.device("meta"))
  def to_float32(self: __torch__.Ops, x: Tensor) -> Tensor:
    return torch.to(x, 6)
  def to_bfloat16(self: __torch__.Ops, x: Tensor) -> Tensor:
    return torch.to(x, 15)
  def channels_last(self: __torch__.Ops, x: Tensor) -> Tensor:
    return torch.contiguous(x, memory_format=2)
  def contiguous(self: __torch__.Ops, x: Tensor) -> Tensor:
    return torch.contiguous(x)
  def is_channels_last(self: __torch__.Ops, x: Tensor) -> bool:
    return torch.__and__(torch.is_contiguous(x, memory_format=2), torch.__not__(torch.is_contiguous(x)))
  def copy_into(self: __torch__.Ops, x: Tensor, source: Tensor) -> Tensor:
    return torch.copy_(torch.detach(x), source)
  def copy_range(self: __torch__.Ops, x: Tensor, start: int, end: int, source: Tensor) -> Tensor:
    return torch.copy_(torch.slice(torch.view(torch.detach(x), [-1]), 0, start, end, 1), source)
  def range(self: __torch__.Ops, x: Tensor, start: int, end: int) -> Tensor:
    return torch.slice(torch.view(torch.detach(x), [-1]), 0, start, end, 1)
  def erfinv(self: __torch__.Ops, x: Tensor) -> Tensor:
    return torch.erfinv(x)
  def conv2d(self: __torch__.Ops, x: Tensor, w: Tensor, s: int, p: int, d: int, g: int) -> Tensor:
    return torch.conv2d(x, w, None, [s, s], [p, p], [d, d], g)
  def conv2d_bias(self: __torch__.Ops, x: Tensor, w: Tensor, b: Tensor, s: int, p: int, d: int, g: int) -> Tensor:
    return torch.conv2d(x, w, b, [s, s], [p, p], [d, d], g)
  def conv2d_bfloat16(self: __torch__.Ops, x: Tensor, w: Tensor, s: int, p: int, d: int, g: int) -> Tensor:
    return torch.conv2d(torch.to(x, 15), torch.to(w, 15), None, [s, s], [p, p], [d, d], g)
  def conv2d_bias_bfloat16(self: __torch__.Ops, x: Tensor, w: Tensor, b: Tensor, s: int, p: int, d: int, g: int) -> Tensor:
    return torch.conv2d(torch.to(x, 15), torch.to(w, 15), torch.to(b, 15), [s, s], [p, p], [d, d], g)
  def linear(self: __torch__.Ops, x: Tensor, w: Tensor) -> Tensor:
    return torch.linear(x, w)
  def linear_bias(self: __torch__.Ops, x: Tensor, w: Tensor, b: Tensor) -> Tensor:
    return torch.linear(x, w, b)
  def linear_bfloat16(self: __torch__.Ops, x: Tensor, w: Tensor) -> Tensor:
    return torch.linear(torch.to(x, 15), torch.to(w, 15))
  def linear_bias_bfloat16(self: __torch__.Ops, x: Tensor, w: Tensor, b: Tensor) -> Tensor:
    return torch.linear(torch.to(x, 15), torch.to(w, 15), torch.to(b, 15))
  def batch_norm(self: __torch__.Ops, x: Tensor, w: Tensor, b: Tensor, m: Tensor, v: Tensor, batch: bool, momentum: float, eps: float) -> Tensor:
    return torch.batch_norm(x, w, b, m, v, batch, momentum, eps, True)
  def layer_norm(self: __torch__.Ops, x: Tensor, width: int, w: Tensor, b: Tensor, eps: float) -> Tensor:
    return torch.layer_norm(x, [width], w, b, eps)
  def silu(self: __torch__.Ops, x: Tensor) -> Tensor:
    return torch.silu(x)
  def gelu(self: __torch__.Ops, x: Tensor) -> Tensor:
    return torch.gelu(x)
