package uk.directpayments.ledger.intake;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import uk.directpayments.ledger.kernel.RuleBroken;

/**
 * The text of a statement file, decoded as it streams by, for every format that is text. It is UTF-8 up to the first bytes that
 * are not, and CP1252 from there on: so no second pass is needed to find out, and a bank's old export reads well. A byte order
 * mark is dropped. Reading throws {@link RuleBroken} {@code STATEMENT_UNREADABLE} for bytes that are no text and
 * {@code TOO_LARGE} beyond the limits of lines and of characters in a line.
 */
final class StatementText extends Reader {

    private static final int BUFFER = 8192;
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private final InputStream in;
    private final StatementLimits limits;
    private final ByteBuffer bytes = ByteBuffer.allocate(BUFFER).flip();
    private final CharBuffer chars = CharBuffer.allocate(BUFFER).flip();
    private CharsetDecoder decoder = strict(StandardCharsets.UTF_8);
    private boolean utf8 = true;
    private boolean started;
    private boolean ended;

    private int line = 1;
    private int charactersInLine;
    private boolean afterCarriageReturn;

    /** @param in read ahead by a few kilobytes, never closed from here */
    StatementText(InputStream in, StatementLimits limits) {
        this.in = in;
        this.limits = limits;
    }

    @Override
    public int read(char[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!chars.hasRemaining() && !fill()) {
            return -1;
        }
        int count = Math.min(length, chars.remaining());
        chars.get(target, offset, count);
        return count;
    }

    /** Decodes at least one character, or answers false at the end of the file. */
    private boolean fill() throws IOException {
        chars.clear();
        while (chars.position() == 0 && !(ended && !bytes.hasRemaining())) {
            readAhead();
            CoderResult result = decoder.decode(bytes, chars, ended);
            // what was decoded before the bad bytes is delivered first: the next fill meets them again
            if (result.isError() && chars.position() == 0) {
                fallBack();
            }
            dropByteOrderMark();
        }
        chars.flip();
        count();
        return chars.hasRemaining();
    }

    private void readAhead() throws IOException {
        bytes.compact();
        // fills the buffer however the stream cuts its reads, so that two passes see the same blocks
        int read = in.readNBytes(bytes.array(), bytes.position(), bytes.remaining());
        ended = read < bytes.remaining();
        bytes.position(bytes.position() + read).flip();
    }

    private void fallBack() {
        if (!utf8) {
            throw new RuleBroken(
                    "STATEMENT_UNREADABLE", "The file is not text in UTF-8 or CP1252: see line " + line + ".");
        }
        utf8 = false;
        decoder = strict(Charset.forName("windows-1252"));
    }

    private void dropByteOrderMark() {
        if (!started && chars.position() > 0) {
            started = true;
            if (chars.get(0) == BYTE_ORDER_MARK) {
                chars.limit(chars.position()).position(1);
                chars.compact();
            }
        }
    }

    private void count() {
        for (int i = chars.position(); i < chars.limit(); i++) {
            char c = chars.get(i);
            if (c == '\r' || (c == '\n' && !afterCarriageReturn)) {
                charactersInLine = 0;
                line++;
            } else if (c != '\n') {
                if (charactersInLine == 0 && line > limits.lines()) {
                    throw new RuleBroken("TOO_LARGE", "The file has more than " + limits.lines() + " lines.");
                }
                if (++charactersInLine > limits.lineCharacters()) {
                    throw new RuleBroken(
                            "TOO_LARGE",
                            "Line " + line + " is longer than " + limits.lineCharacters() + " characters.");
                }
            }
            afterCarriageReturn = c == '\r';
        }
    }

    @Override
    public void close() {
        // whoever opened the stream closes it
    }

    private static CharsetDecoder strict(Charset charset) {
        return charset.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
    }
}
