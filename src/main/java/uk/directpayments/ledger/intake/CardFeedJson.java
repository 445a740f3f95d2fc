package uk.directpayments.ledger.intake;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import uk.directpayments.ledger.kernel.RuleBroken;

/**
 * A card feed written as JSON, as it streams by: an object for each transaction, in a list, one after the other, or in a list that stands
 * somewhere within one object about the whole file. Only the fields that are asked for are kept, each as the text that stands there, so that
 * an amount is never rounded; a field within another is named by both names and a full stop between.
 */
final class CardFeedJson {

    private static final int DEEPEST = 20;
    private static final int LONGEST_NAME = 1_000;
    private static final int MARK = 8192;

    private final StatementLimits limits;
    private final Set<String> wanted;
    private final String txnId;
    private final JsonFactory json;

    /** @param mapping names the fields that are kept */
    CardFeedJson(StatementLimits limits, CardMapping mapping) {
        this.limits = limits;
        this.wanted = Set.copyOf(mapping.names());
        this.txnId = mapping.txnId().strip();
        this.json = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(DEEPEST)
                        .maxNameLength(LONGEST_NAME)
                        .maxStringLength(limits.lineCharacters())
                        .build())
                .build();
    }

    /** Hears the transactions in the order of the file, the first of which is 1. */
    interface Transactions {
        void hear(int number, Map<String, String> fields);
    }

    /** Whether a file begins as JSON does. @param file stands at its first byte again afterwards */
    static boolean begins(BufferedInputStream file) throws IOException {
        file.mark(MARK);
        int first = file.read();
        for (int read = 1; read < MARK && first >= 0 && isBlankOrMark(first); read++) {
            first = file.read();
        }
        file.reset();
        return first == '[' || first == '{';
    }

    /** White space, or a byte of a byte order mark. */
    private static boolean isBlankOrMark(int b) {
        return b == ' ' || b == '\t' || b == '\r' || b == '\n' || b == 0xEF || b == 0xBB || b == 0xBF;
    }

    /** The names of the ledger's own form that stand in the first transactions of a file that begins like this; none if it is no JSON. */
    static Set<String> names(byte[] head, StatementLimits limits) {
        Set<String> names = new HashSet<>();
        try (BufferedInputStream in = new BufferedInputStream(new ByteArrayInputStream(head))) {
            if (begins(in)) {
                new CardFeedJson(limits, CardMapping.OWN).read(in, (number, fields) -> names.addAll(fields.keySet()));
            }
        } catch (RuleBroken cutOff) {
            return names;
        } catch (IOException impossible) {
            throw new java.io.UncheckedIOException(impossible);
        }
        return names;
    }

    /**
     * @return how many transactions there were
     * @throws RuleBroken {@code STATEMENT_UNREADABLE}, {@code TOO_LARGE}
     */
    int read(InputStream file, Transactions each) throws IOException {
        try (JsonParser parser = json.createParser(ObjectReadContext.empty(), new Unclosed(file))) {
            Walk walk = new Walk(parser, each);
            try {
                walk.all();
            } catch (StreamConstraintsException beyond) {
                throw new RuleBroken(
                        "TOO_LARGE",
                        "A field or name after transaction " + walk.number + " is too long, or nested too deeply.");
            } catch (JacksonIOException failed) {
                throw failed.getCause();
            } catch (JacksonException malformed) {
                // the library's own words are dropped: they may repeat what the file holds
                throw unreadable("The file is not well-formed JSON after transaction " + walk.number + ".");
            }
            return walk.number;
        }
    }

    private final class Walk {

        private final JsonParser parser;
        private final Transactions each;
        private int number;

        Walk(JsonParser parser, Transactions each) {
            this.parser = parser;
            this.each = each;
        }

        void all() {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.START_ARRAY) {
                    list();
                } else if (token == JsonToken.START_OBJECT) {
                    int before = number;
                    Map<String, String> fields = object(true);
                    boolean hasList = number > before;
                    if (hasList && fields.containsKey(txnId)) {
                        throw unreadable("An object is a transaction and holds a list of others, before transaction "
                                + (number + 1) + ".");
                    } else if (!hasList) {
                        tell(fields);
                    }
                } else {
                    throw unreadable("A card feed in JSON is a list of objects, one for each transaction.");
                }
            }
        }

        /** Behind the beginning of a list of transactions, to its end. */
        private void list() {
            for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
                if (token != JsonToken.START_OBJECT) {
                    throw unreadable(
                            "In the list of a card feed stands what is no object, after transaction " + number + ".");
                }
                tell(object(false));
            }
        }

        private void tell(Map<String, String> fields) {
            if (++number > limits.lines()) {
                throw new RuleBroken("TOO_LARGE", "The file has more than " + limits.lines() + " transactions.");
            }
            each.hear(number, fields);
        }

        private Map<String, String> object(boolean mayHoldList) {
            Map<String, String> fields = new HashMap<>();
            object("", mayHoldList, fields);
            return fields;
        }

        /** Behind the beginning of an object, to its end. */
        private void object(String within, boolean mayHoldList, Map<String, String> fields) {
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = within + parser.currentName();
                JsonToken value = parser.nextToken();
                if (value == JsonToken.START_OBJECT) {
                    object(name + ".", mayHoldList, fields);
                } else if (value == JsonToken.START_ARRAY) {
                    array(mayHoldList);
                } else if (wanted.contains(name)
                        && fields.put(name, value == JsonToken.VALUE_NULL ? "" : parser.getString()) != null) {
                    throw unreadable("A field stands twice in transaction " + (number + 1) + ".");
                }
            }
        }

        /** Behind the beginning of a list within an object: it holds the transactions, or nothing that is asked for. */
        private void array(boolean mayHoldTransactions) {
            int depth = 1;
            JsonToken token = parser.nextToken();
            if (mayHoldTransactions && token == JsonToken.START_OBJECT) {
                tell(object(false));
                list();
                return;
            }
            while (true) {
                depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
                if (depth == 0) {
                    return;
                }
                token = parser.nextToken();
            }
        }
    }

    private static RuleBroken unreadable(String words) {
        return new RuleBroken("STATEMENT_UNREADABLE", words);
    }

    /** Whoever opened the file closes it. */
    private static final class Unclosed extends java.io.FilterInputStream {

        Unclosed(InputStream in) {
            super(in);
        }

        @Override
        public void close() {
            // see above
        }
    }
}
