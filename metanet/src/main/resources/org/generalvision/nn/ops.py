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
  def scale(self: __torch__.Ops, x: Tensor, factor: float) -> Tensor:
    return torch.mul(x, factor)
  def copy(self: __torch__.Ops, x: Tensor) -> Tensor:
    return torch.clone(torch.detach(x))
  def zeros_like(self: __torch__.Ops, x: Tensor) -> Tensor:
    return torch.zeros_like(torch.detach(x))
  def dot(self: __torch__.Ops, x: Tensor, y: Tensor) -> float:
    return float(torch.sum(torch.mul(torch.to(x, 7), torch.to(y, 7))))
  def list_zero(self: __torch__.Ops, xs: List[Tensor]) -> int:
    _0 = torch._foreach_zero_(xs)
    return 0
  def list_norm(self: __torch__.Ops, xs: List[Tensor]) -> float:
    return float(torch.norm(torch.stack(torch._foreach_norm(xs, 2)), 2))
  def list_scale(self: __torch__.Ops, xs: List[Tensor], factor: float) -> int:
    _0 = torch._foreach_mul_(xs, factor)
    return 0
  def list_lerp(self: __torch__.Ops, xs: List[Tensor], ends: List[Tensor], weight: float) -> int:
    _0 = torch._foreach_lerp_(xs, ends, weight)
    return 0
  def list_adamw(self: __torch__.Ops, params: List[Tensor], grads: List[Tensor], means: List[Tensor], squares: List[Tensor], steps: List[Tensor], lr: float, beta1: float, beta2: float, decay: float, eps: float) -> int:
    _0 = torch._fused_adamw_(params, grads, means, squares, annotate(List[Tensor], []), steps, lr=lr, beta1=beta1, beta2=beta2, weight_decay=decay, eps=eps, amsgrad=False, maximize=False)
    return 0
  def list_sgd_plain(self: __torch__.Ops, params: List[Tensor], grads: List[Tensor], lr: float, decay: float) -> int:
    _0 = torch._fused_sgd_(params, grads, annotate(List[Tensor], []), weight_decay=decay, momentum=0., lr=lr, dampening=0., nesterov=False, maximize=False, is_first_step=False)
    return 0
  def list_sgd(self: __torch__.Ops, params: List[Tensor], grads: List[Tensor], momenta: List[Tensor], lr: float, momentum: float, nesterov: bool, decay: float) -> int:
    _0 = torch._fused_sgd_(params, grads, momenta, weight_decay=decay, momentum=momentum, lr=lr, dampening=0., nesterov=nesterov, maximize=False, is_first_step=False)
    return 0
  def copy_into(self: __torch__.Ops, x: Tensor, source: Tensor) -> Tensor:
    return torch.copy_(torch.detach(x), source)
  def copy_range(self: __torch__.Ops, x: Tensor, start: int, end: int, source: Tensor) -> Tensor:
    return torch.copy_(torch.slice(torch.view(torch.detach(x), [-1]), 0, start, end, 1), source)
  def range(self: __torch__.Ops, x: Tensor, start: int, end: int) -> Tensor:
    return torch.slice(torch.view(torch.detach(x), [-1]), 0, start, end, 1)
  def symmetric_eigen(self: __torch__.Ops, x: Tensor) -> List[Tensor]:
    values, vectors, = torch.linalg_eigh(x)
    return [values, vectors]
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
  def move_statistics(self: __torch__.Ops, x: Tensor, m: Tensor, v: Tensor, momentum: float) -> Tensor:
    mean, variance, = torch.batch_norm_update_stats(torch.detach(x), m, v, momentum)
    return mean
  def layer_norm(self: __torch__.Ops, x: Tensor, width: int, w: Tensor, b: Tensor, eps: float) -> Tensor:
    return torch.layer_norm(x, [width], w, b, eps)
  def silu(self: __torch__.Ops, x: Tensor) -> Tensor:
    return torch.silu(x)
  def gelu(self: __torch__.Ops, x: Tensor) -> Tensor:
    return torch.gelu(x)
  def relu(self: __torch__.Ops, x: Tensor) -> Tensor:
    if ops.prim.is_meta(x):
      y = x
    else:
      y = torch.relu(x)
    return y
  def relu_in_place(self: __torch__.Ops, x: Tensor) -> Tensor:
    if ops.prim.is_meta(x):
      y = x
    else:
      y = torch.relu_(x)
    return y
  def sigmoid(self: __torch__.Ops, x: Tensor) -> Tensor:
    return torch.sigmoid(x)
  def hard_sigmoid(self: __torch__.Ops, x: Tensor) -> Tensor:
    return torch.hardsigmoid(x)
  def quick_gelu(self: __torch__.Ops, x: Tensor) -> Tensor:
    return torch.mul(x, torch.sigmoid(torch.mul(x, 1.702)))
  def max_pool2d(self: __torch__.Ops, x: Tensor, k: int, s: int, p: int) -> Tensor:
    return torch.max_pool2d(x, [k, k], [s, s], [p, p])
  def avg_pool2d(self: __torch__.Ops, x: Tensor, k: int, s: int) -> Tensor:
    return torch.avg_pool2d(x, [k, k], [s, s])
  def adaptive_avg_pool2d(self: __torch__.Ops, x: Tensor, h: int, w: int) -> Tensor:
    if ops.prim.is_meta(x):
      y = torch.new_empty(x, [torch.size(x, 0), torch.size(x, 1), h, w])
    else:
      y = torch.adaptive_avg_pool2d(x, [h, w])
    return y
  def global_avg_pool(self: __torch__.Ops, x: Tensor) -> Tensor:
    return torch.mean(x, [2, 3])
  def resize_bilinear(self: __torch__.Ops, x: Tensor, h: int, w: int) -> Tensor:
    return torch.upsample_bilinear2d(x, [h, w], False)
  def resize_nearest(self: __torch__.Ops, x: Tensor, h: int, w: int) -> Tensor:
    return torch.upsample_nearest2d(x, [h, w])
  def resize_bicubic(self: __torch__.Ops, x: Tensor, h: int, w: int) -> Tensor:
    return torch.upsample_bicubic2d(x, [h, w], False)
  def tokens(self: __torch__.Ops, x: Tensor) -> Tensor:
    return torch.flatten(torch.permute(x, [0, 2, 3, 1]), 1, 2)
  def map(self: __torch__.Ops, x: Tensor, h: int, w: int) -> Tensor:
    return torch.permute(torch.reshape(x, [torch.size(x, 0), h, w, torch.size(x, 2)]), [0, 3, 1, 2])
  def full_precision(self: __torch__.Ops, x: Tensor) -> Tensor:
    if torch.eq(ops.prim.dtype(x), 15):
      y = torch.to(x, 6)
    else:
      y = x
    return y
  def softmax(self: __torch__.Ops, x: Tensor, dim: int) -> Tensor:
    return torch.softmax((self).full_precision(x, ), dim)
  def log_softmax(self: __torch__.Ops, x: Tensor, dim: int) -> Tensor:
    return torch.log_softmax((self).full_precision(x, ), dim)
  def logsumexp(self: __torch__.Ops, x: Tensor, dim: int) -> Tensor:
    return torch.logsumexp((self).full_precision(x, ), [dim])
  def cross_entropy(self: __torch__.Ops, x: Tensor, t: Tensor, ignored: int, smoothing: float) -> Tensor:
    return torch.cross_entropy_loss((self).full_precision(x, ), t, None, 1, ignored, smoothing)
  def normalize(self: __torch__.Ops, x: Tensor, dim: int) -> Tensor:
    y = (self).full_precision(x, )
    return torch.div(y, torch.clamp_min(torch.linalg_vector_norm(y, 2, [dim], True), 1e-12))
  def embedding(self: __torch__.Ops, i: Tensor, w: Tensor) -> Tensor:
    return torch.embedding(w, i)
  def gather(self: __torch__.Ops, x: Tensor, dim: int, i: Tensor) -> Tensor:
    return torch.gather(x, dim, i)
  def take_tokens(self: __torch__.Ops, x: Tensor, i: Tensor) -> Tensor:
    j = torch.expand(torch.reshape(i, [-1, 1, 1]), [-1, -1, torch.size(x, 2)])
    return torch.squeeze(torch.gather(x, 1, j), 1)
  def argmax(self: __torch__.Ops, x: Tensor, dim: int) -> Tensor:
    return torch.argmax(x, dim)
  def dropout(self: __torch__.Ops, x: Tensor, rate: float) -> Tensor:
    return torch.dropout(x, rate, True)
  def drop_path(self: __torch__.Ops, x: Tensor, rate: float) -> Tensor:
    keep = torch.sub(1., rate)
    shape = torch.add([torch.size(x, 0)], torch.mul([1], torch.sub(torch.dim(x), 1)))
    mask = torch.bernoulli(torch.new_empty(x, shape), keep)
    return torch.div(torch.mul(x, mask), keep)
  def matmul(self: __torch__.Ops, x: Tensor, y: Tensor) -> Tensor:
    return torch.matmul(x, y)
  def matmul_bfloat16(self: __torch__.Ops, x: Tensor, y: Tensor) -> Tensor:
    return torch.matmul(torch.to(x, 15), torch.to(y, 15))
  def attention(self: __torch__.Ops, q: Tensor, k: Tensor, v: Tensor, causal: bool) -> Tensor:
    return torch.scaled_dot_product_attention(q, k, v, None, 0., causal)
  def attention_masked(self: __torch__.Ops, q: Tensor, k: Tensor, v: Tensor, mask: Tensor) -> Tensor:
    return torch.scaled_dot_product_attention(q, k, v, mask)
  def attention_bfloat16(self: __torch__.Ops, q: Tensor, k: Tensor, v: Tensor, causal: bool) -> Tensor:
    s = torch.matmul(torch.to(q, 15), torch.transpose(torch.to(k, 15), -2, -1))
    s0 = torch.mul(torch.to(s, 6), torch.pow(float(torch.size(q, -1)), -0.5))
    if causal:
      hidden = torch.full([torch.size(s, -2), torch.size(s, -1)], -inf, dtype=6, layout=None, device=ops.prim.device(s))
      s1 = torch.add(s0, torch.triu(hidden, 1))
    else:
      s1 = s0
    return torch.matmul(torch.to(torch.softmax(s1, -1), 15), torch.to(v, 15))
  def attention_masked_bfloat16(self: __torch__.Ops, q: Tensor, k: Tensor, v: Tensor, mask: Tensor) -> Tensor:
    s = torch.matmul(torch.to(q, 15), torch.transpose(torch.to(k, 15), -2, -1))
    s0 = torch.mul(torch.to(s, 6), torch.pow(float(torch.size(q, -1)), -0.5))
    return torch.matmul(torch.to(torch.softmax(torch.add(s0, mask), -1), 15), torch.to(v, 15))
  def split_heads(self: __torch__.Ops, x: Tensor, parts: int, heads: int) -> List[Tensor]:
    y = torch.reshape(x, [torch.size(x, 0), torch.size(x, 1), parts, heads, -1])
    return torch.unbind(torch.permute(y, [2, 0, 3, 1, 4]))
  def self_attention(self: __torch__.Ops, qkv: Tensor, heads: int, causal: bool) -> Tensor:
    parts = (self).split_heads(qkv, 3, heads, )
    if torch.eq(ops.prim.dtype(qkv), 15):
      y = (self).attention_bfloat16(parts[0], parts[1], parts[2], causal, )
    else:
      y = (self).attention(parts[0], parts[1], parts[2], causal, )
    return torch.flatten(torch.transpose(y, 1, 2), 2)
  def self_attention_masked(self: __torch__.Ops, qkv: Tensor, heads: int, mask: Tensor) -> Tensor:
    parts = (self).split_heads(qkv, 3, heads, )
    if torch.eq(ops.prim.dtype(qkv), 15):
      y = (self).attention_masked_bfloat16(parts[0], parts[1], parts[2], mask, )
    else:
      y = (self).attention_masked(parts[0], parts[1], parts[2], mask, )
    return torch.flatten(torch.transpose(y, 1, 2), 2)
  def cross_covariance(self: __torch__.Ops, qkv: Tensor, temperature: Tensor, heads: int) -> Tensor:
    parts = (self).split_heads((self).full_precision(qkv, ), 3, heads, )
    q = (self).normalize(parts[0], 2, )
    k = (self).normalize(parts[1], 2, )
    type = ops.prim.dtype(qkv)
    scores = torch.matmul(torch.to(torch.transpose(q, 2, 3), type), torch.to(k, type))
    weights = torch.softmax(torch.mul((self).full_precision(scores, ), temperature), -1)
    y = torch.matmul(torch.to(parts[2], type), torch.to(torch.transpose(weights, 2, 3), type))
    return torch.flatten(torch.transpose(y, 1, 2), 2)
  def all_finite(self: __torch__.Ops, x: Tensor) -> Tensor:
    return torch.all(torch.isfinite(x))
  def first_token(self: __torch__.Ops, x: Tensor) -> Tensor:
    return torch.narrow(x, 1, 0, 1)
  def resize_places(self: __torch__.Ops, p: Tensor, grid: int, h: int, w: int) -> Tensor:
    width = torch.size(p, 1)
    places = torch.reshape(torch.narrow(p, 0, 1, torch.mul(grid, grid)), [1, grid, grid, width])
    resized = torch.upsample_bicubic2d(torch.permute(places, [0, 3, 1, 2]), [h, w], False)
    rest = torch.reshape(torch.permute(resized, [0, 2, 3, 1]), [-1, width])
    return torch.cat([torch.narrow(p, 0, 0, 1), rest])
  def relu6(self: __torch__.Ops, x: Tensor) -> Tensor:
    if ops.prim.is_meta(x):
      y = x
    else:
      y = torch.hardtanh(x, 0., 6.)
    return y
  def prepend_token(self: __torch__.Ops, x: Tensor, t: Tensor) -> Tensor:
    return torch.cat([torch.expand(t, [torch.size(x, 0), 1, torch.size(x, 2)]), x], 1)
  def without_first_token(self: __torch__.Ops, x: Tensor) -> Tensor:
    return torch.narrow(x, 1, 1, torch.sub(torch.size(x, 1), 1))
  def fill_tokens(self: __torch__.Ops, x: Tensor, count: int) -> Tensor:
    return torch.constant_pad_nd(x, [0, 0, 0, count], 0)
  def mean_of_tokens(self: __torch__.Ops, x: Tensor) -> Tensor:
    return torch.mean(x, [1])
  def only(self: __torch__.Ops, x: Tensor) -> Tensor:
    return torch.squeeze(x, 0)
  def whole(self: __torch__.Ops, size: int, side: int) -> int:
    return torch.mul(torch.floordiv(torch.sub(torch.add(size, side), 1), side), side)
  def rolled(self: __torch__.Ops, x: Tensor, dy: int, dx: int) -> Tensor:
    still = torch.eq(torch.add(torch.mul(dy, dy), torch.mul(dx, dx)), 0)
    if still:
      y = x
    else:
      if ops.prim.is_meta(x):
        z = x
      else:
        z = torch.roll(x, [dy, dx], [1, 2])
      y = z
    return y
  def windows(self: __torch__.Ops, x: Tensor, s: int, dy: int, dx: int) -> Tensor:
    b = torch.size(x, 0)
    c = torch.size(x, 3)
    h = (self).whole(torch.size(x, 1), s, )
    w = (self).whole(torch.size(x, 2), s, )
    filled = torch.constant_pad_nd(x, [0, 0, 0, torch.sub(w, torch.size(x, 2)), 0, torch.sub(h, torch.size(x, 1))], 0)
    moved = (self).rolled(filled, torch.neg(dy), torch.neg(dx), )
    cut = torch.reshape(moved, [b, torch.floordiv(h, s), s, torch.floordiv(w, s), s, c])
    return torch.reshape(torch.permute(cut, [0, 1, 3, 2, 4, 5]), [-1, torch.mul(s, s), c])
  def unwindows(self: __torch__.Ops, x: Tensor, s: int, dy: int, dx: int, height: int, width: int) -> Tensor:
    c = torch.size(x, 2)
    h = (self).whole(height, s, )
    w = (self).whole(width, s, )
    cut = torch.reshape(x, [-1, torch.floordiv(h, s), torch.floordiv(w, s), s, s, c])
    moved = torch.reshape(torch.permute(cut, [0, 1, 3, 2, 4, 5]), [-1, h, w, c])
    filled = (self).rolled(moved, dy, dx, )
    return torch.narrow(torch.narrow(filled, 1, 0, height), 2, 0, width)
  def regions(self: __torch__.Ops, like: Tensor, size: int, s: int, shift: int) -> Tensor:
    i = torch.arange(size, dtype=4, layout=None, device=ops.prim.device(like))
    if torch.eq(shift, 0):
      y = torch.mul(i, 0)
    else:
      y = torch.add(torch.to(torch.ge(i, torch.sub(size, s)), 4), torch.to(torch.ge(i, torch.sub(size, shift)), 4))
    return y
  def known_window_bias(self: __torch__.Ops, table: Tensor, s: int, dy: int, dx: int, height: int, width: int, batch: int) -> Tensor:
    n = torch.mul(s, s)
    i = torch.arange(n, dtype=4, layout=None, device=ops.prim.device(table))
    row = torch.floor_divide(i, s)
    column = torch.remainder(i, s)
    down = torch.add(torch.sub(torch.unsqueeze(row, 1), torch.unsqueeze(row, 0)), torch.sub(s, 1))
    right = torch.add(torch.sub(torch.unsqueeze(column, 1), torch.unsqueeze(column, 0)), torch.sub(s, 1))
    distance = torch.add(torch.mul(down, torch.sub(torch.mul(2, s), 1)), right)
    picked = torch.index_select(table, 0, torch.flatten(distance))
    bias = torch.unsqueeze(torch.permute(torch.reshape(picked, [n, n, -1]), [2, 0, 1]), 0)
    if torch.eq(torch.add(dy, dx), 0):
      y = bias
    else:
      h = (self).whole(height, s, )
      w = (self).whole(width, s, )
      rows = (self).regions(table, h, s, dy, )
      columns = (self).regions(table, w, s, dx, )
      region = torch.add(torch.mul(torch.unsqueeze(rows, 1), 3), torch.unsqueeze(columns, 0))
      cut = torch.reshape(region, [torch.floordiv(h, s), s, torch.floordiv(w, s), s])
      own = torch.reshape(torch.permute(cut, [0, 2, 1, 3]), [-1, n])
      apart = torch.to(torch.ne(torch.unsqueeze(own, 1), torch.unsqueeze(own, 2)), ops.prim.dtype(table))
      hidden = torch.repeat(torch.unsqueeze(torch.mul(apart, -100.), 1), [batch, 1, 1, 1])
      y = torch.add(bias, hidden)
    return y
  def window_bias(self: __torch__.Ops, table: Tensor, s: int, dy: int, dx: int, height: int, width: int, batch: int) -> Tensor:
    n = torch.mul(s, s)
    if ops.prim.is_meta(table):
      y = torch.new_empty(table, [1, torch.size(table, 1), n, n])
    else:
      y = (self).known_window_bias(table, s, dy, dx, height, width, batch, )
    return y
  def merge_neighbors(self: __torch__.Ops, x: Tensor) -> Tensor:
    h = torch.size(x, 1)
    w = torch.size(x, 2)
    y = torch.constant_pad_nd(x, [0, 0, 0, torch.remainder(w, 2), 0, torch.remainder(h, 2)], 0)
    y0 = torch.slice(torch.slice(y, 1, 0, 9223372036854775807, 2), 2, 0, 9223372036854775807, 2)
    y1 = torch.slice(torch.slice(y, 1, 1, 9223372036854775807, 2), 2, 0, 9223372036854775807, 2)
    y2 = torch.slice(torch.slice(y, 1, 0, 9223372036854775807, 2), 2, 1, 9223372036854775807, 2)
    y3 = torch.slice(torch.slice(y, 1, 1, 9223372036854775807, 2), 2, 1, 9223372036854775807, 2)
    return torch.cat([y0, y1, y2, y3], -1)
  def box_columns(self: __torch__.Ops, x: Tensor) -> List[Tensor]:
    return torch.unbind(torch.contiguous(torch.transpose(x, 0, 1)))
  def box_area(self: __torch__.Ops, x: Tensor) -> Tensor:
    c = (self).box_columns(x, )
    return torch.mul(torch.sub(c[2], c[0]), torch.sub(c[3], c[1]))
  def box_common(self: __torch__.Ops, a: Tensor, b: Tensor) -> Tensor:
    p = (self).box_columns(a, )
    q = (self).box_columns(b, )
    w = torch.sub(torch.minimum(torch.unsqueeze(p[2], 1), q[2]), torch.maximum(torch.unsqueeze(p[0], 1), q[0]))
    h = torch.sub(torch.minimum(torch.unsqueeze(p[3], 1), q[3]), torch.maximum(torch.unsqueeze(p[1], 1), q[1]))
    return torch.mul(torch.clamp_min(w, 0), torch.clamp_min(h, 0))
  def box_union(self: __torch__.Ops, a: Tensor, b: Tensor, common: Tensor) -> Tensor:
    areas = torch.add(torch.unsqueeze((self).box_area(a, ), 1), (self).box_area(b, ))
    return torch.clamp_min(torch.sub(areas, common), 1e-12)
  def box_iou(self: __torch__.Ops, a: Tensor, b: Tensor) -> Tensor:
    common = (self).box_common(a, b, )
    return torch.div(common, (self).box_union(a, b, common, ))
  def box_giou(self: __torch__.Ops, a: Tensor, b: Tensor) -> Tensor:
    p = (self).box_columns(a, )
    q = (self).box_columns(b, )
    w = torch.sub(torch.maximum(torch.unsqueeze(p[2], 1), q[2]), torch.minimum(torch.unsqueeze(p[0], 1), q[0]))
    h = torch.sub(torch.maximum(torch.unsqueeze(p[3], 1), q[3]), torch.minimum(torch.unsqueeze(p[1], 1), q[1]))
    hull = torch.clamp_min(torch.mul(w, h), 1e-12)
    common = (self).box_common(a, b, )
    union = (self).box_union(a, b, common, )
    return torch.sub(torch.div(common, union), torch.div(torch.sub(hull, union), hull))
  def match_boxes(self: __torch__.Ops, anchors: Tensor, truths: Tensor, low: float, high: float, rescue: bool) -> Tensor:
    iou = (self).box_iou(truths, anchors, )
    best, nearest, = torch.max(iou, 0)
    between = torch.masked_fill(nearest, torch.lt(best, high), -2)
    matched = torch.masked_fill(between, torch.lt(best, low), -1)
    if rescue:
      most = torch.amax(iou, [1], True)
      closest = torch.any(torch.eq(iou, torch.masked_fill(most, torch.le(most, 0), 2.)), 0)
      y = torch.where(closest, nearest, matched)
    else:
      y = matched
    return y
  def encode_boxes(self: __torch__.Ops, boxes: Tensor, anchors: Tensor, wx: float, wy: float, ww: float, wh: float) -> Tensor:
    b = (self).box_columns(boxes, )
    a = (self).box_columns(anchors, )
    w = torch.sub(a[2], a[0])
    h = torch.sub(a[3], a[1])
    x = torch.div(torch.mul(torch.sub(torch.add(b[0], b[2]), torch.add(a[0], a[2])), torch.mul(wx, 0.5)), w)
    y = torch.div(torch.mul(torch.sub(torch.add(b[1], b[3]), torch.add(a[1], a[3])), torch.mul(wy, 0.5)), h)
    u = torch.mul(torch.log(torch.div(torch.sub(b[2], b[0]), w)), ww)
    v = torch.mul(torch.log(torch.div(torch.sub(b[3], b[1]), h)), wh)
    return torch.stack([x, y, u, v], 1)
  def decode_boxes(self: __torch__.Ops, deltas: Tensor, anchors: Tensor, wx: float, wy: float, ww: float, wh: float, most: float) -> Tensor:
    a = torch.unbind(torch.unsqueeze(anchors, -2), -1)
    d = torch.unbind(torch.unflatten(deltas, -1, [-1, 4]), -1)
    w = torch.sub(a[2], a[0])
    h = torch.sub(a[3], a[1])
    x = torch.add(torch.mul(torch.mul(d[0], torch.div(1., wx)), w), torch.add(a[0], torch.mul(w, 0.5)))
    y = torch.add(torch.mul(torch.mul(d[1], torch.div(1., wy)), h), torch.add(a[1], torch.mul(h, 0.5)))
    u = torch.mul(torch.exp(torch.clamp_max(torch.mul(d[2], torch.div(1., ww)), most)), torch.mul(w, 0.5))
    v = torch.mul(torch.exp(torch.clamp_max(torch.mul(d[3], torch.div(1., wh)), most)), torch.mul(h, 0.5))
    return torch.flatten(torch.stack([torch.sub(x, u), torch.sub(y, v), torch.add(x, u), torch.add(y, v)], -1), -2)
  def clip_boxes(self: __torch__.Ops, boxes: Tensor, sizes: Tensor) -> Tensor:
    limits = torch.repeat(torch.flip(sizes, [-1]), [1, 2])
    shape = torch.add(torch.add([torch.size(boxes, 0)], torch.mul([1], torch.sub(torch.dim(boxes), 2))), [4])
    return torch.clamp_min(torch.minimum(boxes, torch.view(limits, shape)), 0)
  def best_boxes(self: __torch__.Ops, logits: Tensor, deltas: Tensor, anchors: Tensor, sizes: Tensor, count: int, wx: float, wy: float, ww: float, wh: float, most: float) -> List[Tensor]:
    scores, places, = torch.topk(torch.detach(logits), count, 1)
    rows = torch.expand(torch.unsqueeze(places, -1), [-1, -1, 4])
    chosen = torch.gather(torch.detach(deltas), 1, rows)
    starts = torch.reshape(torch.index_select(anchors, 0, torch.flatten(places)), torch.size(chosen))
    boxes = (self).decode_boxes(chosen, starts, wx, wy, ww, wh, most, )
    return [(self).clip_boxes(boxes, sizes, ), scores]
  def sum_rows(self: __torch__.Ops, x: Tensor, rows: Tensor, starts: Tensor, weights: Tensor, height: int, width: int) -> Tensor:
    table = torch.reshape(torch.permute((self).full_precision(x, ), [0, 2, 3, 1]), [-1, torch.size(x, 1)])
    y, _0, _1, _2, = torch.embedding_bag(table, rows, starts, False, 0, False, weights, False)
    return torch.permute(torch.reshape(y, [-1, height, width, torch.size(x, 1)]), [0, 3, 1, 2])
  def anchor_rows(self: __torch__.Ops, x: Tensor, width: int) -> Tensor:
    return torch.reshape(torch.permute((self).full_precision(x, ), [0, 2, 3, 1]), [torch.size(x, 0), -1, width])
  def conv_transpose2d(self: __torch__.Ops, x: Tensor, w: Tensor, b: Tensor, stride: int) -> Tensor:
    return torch.conv_transpose2d(x, w, b, [stride, stride], [0, 0], [0, 0], 1, [1, 1])
  def conv_transpose2d_bfloat16(self: __torch__.Ops, x: Tensor, w: Tensor, b: Tensor, stride: int) -> Tensor:
    return torch.conv_transpose2d(torch.to(x, 15), torch.to(w, 15), torch.to(b, 15), [stride, stride], [0, 0], [0, 0], 1, [1, 1])
  def smooth_l1_sum(self: __torch__.Ops, x: Tensor, t: Tensor, beta: float) -> Tensor:
    return torch.smooth_l1_loss((self).full_precision(x, ), t, 2, beta)
  def binary_cross_entropy(self: __torch__.Ops, x: Tensor, t: Tensor, weight: Tensor) -> Tensor:
    each = torch.binary_cross_entropy_with_logits((self).full_precision(x, ), t, None, None, 0)
    return torch.div(torch.sum(torch.mul(each, weight)), torch.clamp_min(torch.sum(weight), 1e-12))
  def scale_invariant_log(self: __torch__.Ops, x: Tensor, t: Tensor, share: float, factor: float) -> Tensor:
    known = torch.gt(t, 0)
    n = torch.clamp_min(torch.sum(known), 1)
    d = torch.where(known, torch.sub((self).full_precision(x, ), torch.log(torch.where(known, t, torch.ones_like(t)))), torch.zeros_like(t))
    mean = torch.div(torch.sum(d), n)
    squares = torch.div(torch.sum(torch.mul(d, d)), n)
    return torch.mul(torch.sqrt(torch.add(torch.sub(squares, torch.mul(torch.mul(mean, mean), share)), 1e-8)), factor)
