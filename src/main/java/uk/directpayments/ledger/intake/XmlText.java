package uk.directpayments.ledger.intake;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.SequenceInputStream;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The text of an XML file, decoded before a parser sees it: the JDK's own writes a line to standard error for bytes that are no text,
 * and cannot be told not to.
 */
final class XmlText {

    private static final int HEAD_BYTES = 256;

    private static final Pattern DECLARED =
            Pattern.compile("^<\\?xml[^>]*?\\sencoding\\s*=\\s*[\"']([A-Za-z][A-Za-z0-9._-]*)[\"']");

    private XmlText() {}

    /**
     * In the encoding that the file begins with, else declares, else UTF-8. Reading throws {@link java.nio.charset.CharacterCodingException}
     * for bytes that are no text in it.
     *
     * @throws UnsupportedCharsetException if nobody knows the encoding
     */
    static Reader of(InputStream file) throws IOException {
        byte[] head = file.readNBytes(HEAD_BYTES);
        int mark = beginning(head).startsWith("efbbbf") ? 3 : 0;
        InputStream whole = new SequenceInputStream(new ByteArrayInputStream(head, mark, head.length - mark), file);
        return new InputStreamReader(
                whole,
                encoding(head)
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT));
    }

    private static Charset encoding(byte[] head) {
        String first = beginning(head);
        if (first.startsWith("feff") || first.startsWith("fffe")) {
            return StandardCharsets.UTF_16; // the mark says which, and is dropped
        }
        if (first.startsWith("003c")) {
            return StandardCharsets.UTF_16BE;
        }
        if (first.startsWith("3c00")) {
            return StandardCharsets.UTF_16LE;
        }
        Matcher declared = DECLARED.matcher(new String(head, StandardCharsets.ISO_8859_1));
        return declared.find() ? Charset.forName(declared.group(1)) : StandardCharsets.UTF_8;
    }

    private static String beginning(byte[] head) {
        return HexFormat.of().formatHex(Arrays.copyOf(head, 4));
    }
}
