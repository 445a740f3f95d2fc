package uk.directpayments.ledger.intake;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The tags of an OFX file, each with the text that follows it: so SGML, where a field's end tag may be missing, and XML read the same.
 * Comments and instructions are passed over; a document type is refused.
 */
final class OfxTags {

    private static final int LONGEST_TAG = 128;
    private static final int LONGEST_TEXT = 1_000;
    private static final int END = -1;
    private static final String CDATA = "![CDATA[";
    private static final Pattern ENTITY = Pattern.compile("&(amp|lt|gt|quot|apos|nbsp|#[0-9]{1,5});");

    private final Reader in;
    private final StringBuilder text = new StringBuilder();
    private String name = "";
    private String value = "";
    private int line = 1;
    private boolean within;

    OfxTags(Reader in) {
        this.in = new BufferedReader(in);
    }

    /** Of the tag, with a slash before it if it is an end tag. */
    String name() {
        return name;
    }

    /** The text after the tag, without the spaces around it. */
    String value() {
        return value;
    }

    int line() {
        return line;
    }

    /** @return false at the end of the file */
    boolean next() throws IOException {
        while (within || skipTo('<')) {
            within = false;
            if (readTag()) {
                readText();
                return true;
            }
        }
        return false;
    }

    private int read() throws IOException {
        int c = in.read();
        if (c == '\n') {
            line++;
        }
        return c;
    }

    private boolean skipTo(char wanted) throws IOException {
        int c = read();
        while (c != wanted && c != END) {
            c = read();
        }
        return c != END;
    }

    /** @return false for what is no tag: a comment, an instruction */
    private boolean readTag() throws IOException {
        StringBuilder tag = new StringBuilder();
        int c = read();
        while (c != '>' && c != END) {
            if (c == '<') {
                throw BankFields.unreadable(line, "a tag is never closed");
            }
            tag.append((char) c);
            if (tag.indexOf("!--") == 0 || tag.indexOf("?") == 0) {
                skipPast(tag.charAt(0) == '?' ? "?>" : "-->");
                return false;
            }
            if (tag.length() > LONGEST_TAG) {
                throw BankFields.unreadable(line, "a tag is longer than " + LONGEST_TAG + " characters");
            }
            c = read();
        }
        if (c == END) {
            throw BankFields.unreadable(line, "a tag is never closed");
        }
        if (tag.indexOf("!") == 0) {
            throw BankFields.unreadable(line, "a document type is not allowed");
        }
        name = tag.toString().strip();
        return true;
    }

    private void skipPast(String end) throws IOException {
        StringBuilder last = new StringBuilder();
        while (last.indexOf(end) < 0) {
            int c = read();
            if (c == END) {
                throw BankFields.unreadable(line, "a comment or an instruction is never closed");
            }
            if (last.length() == end.length()) {
                last.deleteCharAt(0);
            }
            last.append((char) c);
        }
    }

    /** Up to the next tag, whose first character is read then; a section of characters counts as text. */
    private void readText() throws IOException {
        text.setLength(0);
        int c = read();
        while (c != END) {
            if (c == '<') {
                in.mark(CDATA.length());
                char[] begin = new char[CDATA.length()];
                int length = in.read(begin, 0, begin.length);
                if (length < begin.length || !CDATA.contentEquals(new StringBuilder().append(begin))) {
                    in.reset();
                    within = true;
                    break;
                }
                readCharacters();
            } else {
                append((char) c);
            }
            c = read();
        }
        value = ENTITY.matcher(text).replaceAll(OfxTags::meant).strip();
    }

    private void readCharacters() throws IOException {
        int brackets = 0;
        int c = read();
        while (!(c == '>' && brackets >= 2)) {
            if (c == END) {
                throw BankFields.unreadable(line, "a section of characters is never closed");
            }
            if (c == ']') {
                brackets++;
            } else {
                for (; brackets > 0; brackets--) {
                    append(']');
                }
                append((char) c);
            }
            c = read();
        }
    }

    private void append(char c) {
        if (text.length() < LONGEST_TEXT) {
            text.append(c);
        }
    }

    private static String meant(MatchResult entity) {
        String name = entity.group(1);
        return switch (name) {
            case "amp" -> "&";
            case "lt" -> "<";
            case "gt" -> ">";
            case "quot" -> "\"";
            case "apos" -> "'";
            case "nbsp" -> " ";
            default -> {
                int code = Integer.parseInt(name.substring(1));
                boolean character = code <= Character.MAX_VALUE && !Character.isSurrogate((char) code);
                yield character ? Matcher.quoteReplacement(String.valueOf((char) code)) : " ";
            }
        };
    }
}
