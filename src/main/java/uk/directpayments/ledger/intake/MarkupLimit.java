package uk.directpayments.ledger.intake;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.kernel.RuleBroken;

/**
 * Markup as it streams by: never more than so many bytes without an angle bracket, for a parser keeps a whole tag or text in memory. Failures
 * are remembered, for a parser may wrap them or take them for its own.
 */
final class MarkupLimit extends FilterInputStream {

    private final int most;
    private int since;
    private @Nullable IOException failure;
    private @Nullable RuleBroken refusal;

    MarkupLimit(InputStream in, int most) {
        super(in);
        this.most = most;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int read;
        try {
            read = super.read(target, offset, length);
        } catch (IOException e) {
            failure = e;
            throw e;
        }
        for (int i = offset; i < offset + read; i++) {
            since = target[i] == '<' || target[i] == '>' ? 0 : since + 1;
            if (since > most) {
                refusal = new RuleBroken("TOO_LARGE", "A tag or a text is longer than " + most + " bytes.");
                throw refusal;
            }
        }
        return read;
    }

    @Override
    public void close() {
        // whoever opened the stream closes it; a parser would at the end of its document
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    /** Throws what went wrong here, if anything did. */
    void rethrow() throws IOException {
        if (failure != null) {
            throw failure;
        }
        if (refusal != null) {
            throw refusal;
        }
    }
}
