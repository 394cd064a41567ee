package org.generalvision.nn;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * The TorchScript module behind {@link Ops}: the source in {@code ops.py} is wrapped in an archive in memory and loaded
 * once per process. Every ATen operator of the engine's libtorch is reachable this way, with its gradient.
 */
final class OpLibrary {
    private static final String CLASS_HEADER =
            "class Ops(Module):\n  __parameters__ = []\n  __buffers__ = []\n  training : bool\n";

    /**
     * Touched before every call: libtorch's switch belongs to the thread, and DJL's property reaches only its own blocks. The
     * graph optimizer runs a method's first calls plainly and the later ones with gradients of its own, whose rounding differs,
     * so a resumed run would part from an undisturbed one.
     */
    private static final ThreadLocal<Boolean> GRAPH_OPTIMIZER_OFF = ThreadLocal.withInitial(() -> {
        JniUtils.setGraphExecutorOptimize(false);
        return true;
    });

    private final PtSymbolBlock module;
    private final MethodHandle run;
    private final MethodHandle newValue;

    private OpLibrary(PtSymbolBlock module, MethodHandle run, MethodHandle newValue) {
        this.module = module;
        this.run = run;
        this.newValue = newValue;
    }

    static OpLibrary load() {
        try (InputStream source = OpLibrary.class.getResourceAsStream("ops.py")) {
            if (source == null) {
                throw new IllegalStateException("The operator source ops.py is not on the class path");
            }
            String methods = new String(source.readAllBytes(), StandardCharsets.UTF_8);
            // The module lives as long as the process: it holds no tensors, only code.
            NDManager owner = Engine.getEngine("PyTorch").newBaseManager();
            PtSymbolBlock module =
                    JniUtils.loadModule((PtNDManager) owner, new ByteArrayInputStream(archive(methods)), false, false);
            return new OpLibrary(module, runHandle(), newValueHandle());
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the operator source", e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("This DJL has no native entry for TorchScript methods", e);
        }
    }

    /** Calls a method that returns one tensor; the result belongs to the manager of {@code owner}. */
    NDArray tensor(NDArray owner, String method, @Nullable Object... arguments) {
        try (IValue result = call(method, arguments)) {
            return result.toTensor((PtNDManager) owner.getManager());
        }
    }

    /** Calls a method that returns a list of tensors; the results belong to the manager of {@code owner}. */
    NDList tensors(NDArray owner, String method, @Nullable Object... arguments) {
        try (IValue result = call(method, arguments)) {
            return result.toNDList((PtNDManager) owner.getManager());
        }
    }

    /** Calls a method that returns a truth value. */
    boolean flag(String method, @Nullable Object... arguments) {
        try (IValue result = call(method, arguments)) {
            return result.toBoolean();
        }
    }

    /** Calls a method that returns a number. */
    double number(String method, @Nullable Object... arguments) {
        try (IValue result = call(method, arguments)) {
            return result.toDouble();
        }
    }

    /** Calls a method for its effect. */
    void run(String method, @Nullable Object... arguments) {
        call(method, arguments).close();
    }

    private IValue call(String method, @Nullable Object... arguments) {
        IValue[] values = new IValue[arguments.length];
        long[] handles = new long[arguments.length];
        GRAPH_OPTIMIZER_OFF.get();
        try {
            for (int i = 0; i < arguments.length; i++) {
                values[i] = wrap(arguments[i]);
                handles[i] = values[i].getHandle();
            }
            // Fourth argument: not in inference mode, so that results can take part in a backward pass.
            long result = (long) run.invokeExact((long) module.getHandle(), method, handles, true, false);
            return (IValue) newValue.invokeExact(result);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("Operator " + method + " failed", e);
        } finally {
            for (IValue value : values) {
                if (value != null) {
                    value.close();
                }
            }
        }
    }

    private static IValue wrap(@Nullable Object argument) {
        if (argument instanceof PtNDArray array) {
            return IValue.from(array);
        }
        if (argument instanceof List<?> list) {
            return IValue.listFrom(list.stream().map(PtNDArray.class::cast).toArray(PtNDArray[]::new));
        }
        if (argument instanceof long[] numbers) {
            return IValue.listFrom(numbers);
        }
        if (argument instanceof Long number) {
            return IValue.from(number);
        }
        if (argument instanceof Integer number) {
            return IValue.from(number.longValue());
        }
        if (argument instanceof Double number) {
            return IValue.from(number);
        }
        if (argument instanceof Boolean flag) {
            return IValue.from(flag);
        }
        throw new IllegalStateException("Cannot pass " + argument + " to an operator");
    }

    private static MethodHandle runHandle() throws ReflectiveOperationException {
        Class<?> library = Class.forName("ai.djl.pytorch.jni.PyTorchLibrary");
        MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(library, MethodHandles.lookup());
        try {
            Object instance = lookup.findStaticGetter(library, "LIB", library).invoke();
            MethodType type = MethodType.methodType(
                    long.class, long.class, String.class, long[].class, boolean.class, boolean.class);
            return lookup.findVirtual(library, "moduleRunMethod", type).bindTo(instance);
        } catch (ReflectiveOperationException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static MethodHandle newValueHandle() throws ReflectiveOperationException {
        return MethodHandles.privateLookupIn(IValue.class, MethodHandles.lookup())
                .findConstructor(IValue.class, MethodType.methodType(void.class, long.class));
    }

    /** A TorchScript archive whose only module is {@code __torch__.Ops} with the given methods and no parameters. */
    private static byte[] archive(String methods) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            store(zip, "ops/data.pkl", modulePickle());
            store(zip, "ops/code/__torch__.py", (CLASS_HEADER + methods).getBytes(StandardCharsets.UTF_8));
            // Pickle protocol 2 of the empty tuple: PROTO 2, EMPTY_TUPLE, STOP.
            store(zip, "ops/constants.pkl", new byte[] {(byte) 0x80, 2, ')', '.'});
            // Operator set version; older ones refuse newer signatures such as gelu(approximate=...).
            store(zip, "ops/version", "10\n".getBytes(StandardCharsets.US_ASCII));
        }
        return bytes.toByteArray();
    }

    /** Pickle of an {@code __torch__.Ops} object with state {@code {"training": False}}. */
    private static byte[] modulePickle() {
        ByteArrayOutputStream pickle = new ByteArrayOutputStream();
        pickle.writeBytes(new byte[] {(byte) 0x80, 2}); // PROTO 2
        pickle.writeBytes("c__torch__\nOps\n".getBytes(StandardCharsets.US_ASCII)); // GLOBAL module, class
        pickle.writeBytes(new byte[] {')', (byte) 0x81, '}', '('}); // EMPTY_TUPLE, NEWOBJ, EMPTY_DICT, MARK
        pickle.writeBytes(new byte[] {'X', 8, 0, 0, 0}); // BINUNICODE of length 8, little endian
        pickle.writeBytes("training".getBytes(StandardCharsets.US_ASCII));
        pickle.writeBytes(new byte[] {(byte) 0x89, 'u', 'b', '.'}); // NEWFALSE, SETITEMS, BUILD, STOP
        return pickle.toByteArray();
    }

    private static void store(ZipOutputStream zip, String name, byte[] content) throws IOException {
        CRC32 crc = new CRC32();
        crc.update(content);
        ZipEntry entry = new ZipEntry(name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCrc(crc.getValue());
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }
}
