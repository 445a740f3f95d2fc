import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Checks an evidence pack of the direct payment ledger, with a JDK (17 or later) and nothing else: no ledger, no network.
 *
 *     java Verify.java pack.zip [public-key.txt]
 *
 * It checks that
 *   the checkpoint was signed with the public key: name one that you had before, and you need not trust the pack's own. Where the ledger's
 *   key was replaced since, each key must have been signed by the one before it, from yours on;
 *   every event in the pack is, text for text, the one that was hashed into the log that the checkpoint is about;
 *   of the accounts in manifest.txt no event lacks before the last one in the pack, and none is there twice;
 *   readable.jsonl says the same as events.jsonl, but for texts that are sealed there.
 * What it does not check, README.txt says.
 */
public class Verify {

    /** How a sealed text is stored: at least so long, and without a blank. */
    private static final Pattern SEALED = Pattern.compile("A[A-Za-z0-9_-]{65,}");

    /** What stands in readable.jsonl for a field that events did not have yet when one was stored. */
    private static final List<Object> NOTHING = List.of("0", "0.00", "false", List.of(), Map.of());

    public static void main(String[] arguments) throws Exception {
        if (arguments.length < 1) {
            System.err.println("usage: java Verify.java pack.zip [public-key.txt]");
            System.exit(2);
        }
        try (ZipFile pack = new ZipFile(arguments[0])) {
            String key = arguments.length > 1
                    ? java.nio.file.Files.readString(java.nio.file.Path.of(arguments[1]))
                    : text(pack, "public-key.txt");
            System.out.print(check(pack, key.strip()));
        } catch (NotOk not) {
            System.err.println("NOT OK: " + not.getMessage() + ".");
            System.exit(1);
        } catch (java.io.IOException unreadable) {
            System.err.println("NOT OK: it cannot be read: " + unreadable.getMessage() + ".");
            System.exit(1);
        }
    }

    private static String check(ZipFile pack, String key) throws Exception {
        String note = text(pack, "checkpoint.txt");
        String body = note.substring(0, note.indexOf("\n\n") + 1);
        String line = note.substring(note.indexOf("\n\n") + 2).strip();
        byte[] signed = Base64.getDecoder().decode(line.substring(line.lastIndexOf(' ') + 1));
        if (!isSigned(keyNow(pack, key), body, Arrays.copyOfRange(signed, 4, signed.length))) {
            throw new NotOk("the checkpoint was not signed with this key, nor with one that followed it");
        }
        String[] lines = body.split("\n");
        long size = Long.parseLong(lines[1]);
        byte[] root = Base64.getDecoder().decode(lines[2]);
        Map<Object, Map<String, Object>> events = new LinkedHashMap<>();
        for (Map<String, Object> event : objects(pack, "events.jsonl")) {
            checkProof(event, size, root);
            if (events.put(event.get("position"), event) != null) {
                throw new NotOk("the event at position " + event.get("position") + " is in the pack twice");
            }
        }
        Map<String, Long> accounts = checkWhole(text(pack, "manifest.txt"), events.values());
        checkReadable(objects(pack, "readable.jsonl"), events);
        StringBuilder found = new StringBuilder(
                "OK: " + events.size() + " events are in the log of " + size + " events that was " + lines[3] + ".\n");
        accounts.forEach((account, count) ->
                found.append(account + ": its first " + count + " events, none left out between them.\n"));
        return found.toString();
    }

    /** The key that has come of the one given: keys.txt tells each that followed another, signed by that, the oldest first. */
    private static byte[] keyNow(ZipFile pack, String given) throws Exception {
        byte[] key = Base64.getDecoder().decode(given);
        if (pack.getEntry("keys.txt") == null) {
            return key; // a pack from before they were told
        }
        for (String line : text(pack, "keys.txt").lines().toList()) {
            String[] words = line.split(" "); // the key before, the key that followed it, signature
            byte[] before = Base64.getDecoder().decode(words[0]);
            if (Arrays.equals(before, key)) {
                byte[] next = Base64.getDecoder().decode(words[1]);
                String bare = Base64.getEncoder().encodeToString(Arrays.copyOfRange(next, next.length - 32, next.length));
                String message = "direct-payment-ledger\nthe next signing key\n" + bare + "\n";
                if (!isSigned(key, message, Base64.getDecoder().decode(words[2]))) {
                    throw new NotOk("a key in keys.txt was not signed by the one before it");
                }
                key = next;
            }
        }
        return key;
    }

    private static boolean isSigned(byte[] key, String message, byte[] signed) throws Exception {
        Signature signature = Signature.getInstance("Ed25519");
        signature.initVerify(KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(key)));
        signature.update(message.getBytes(StandardCharsets.UTF_8));
        try {
            return signature.verify(signed);
        } catch (SignatureException broken) {
            return false; // no signature at all
        }
    }

    private static void checkProof(Map<String, Object> event, long size, byte[] root) throws Exception {
        long position = Long.parseLong((String) event.get("position"));
        Map<String, Object> metadata = new Json((String) event.get("metadata")).object();
        ByteArrayOutputStream encoded = new ByteArrayOutputStream();
        for (Object part : new Object[] {
            "direct-payment-ledger/event/1",
            event.get("position"),
            event.get("stream"),
            event.get("sequence"),
            event.get("streamType"),
            event.get("name"),
            event.get("revision"),
            event.get("eventId"),
            metadata.getOrDefault("occurredOn", ""),
            event.get("recordedAtMillis"),
            String.valueOf(metadata.size())
        }) {
            put(encoded, (String) part);
        }
        for (Map.Entry<String, Object> entry : metadata.entrySet()) {
            put(encoded, entry.getKey());
            put(encoded, (String) entry.getValue());
        }
        put(encoded, (String) event.get("payload"));
        byte[] hash = sha((byte) 0, encoded.toByteArray(), new byte[0]);
        // RFC 9162, section 2.1.3.2
        long fn = position - 1;
        long sn = size - 1;
        for (Object step : (List<?>) event.get("proof")) {
            byte[] other = HexFormat.of().parseHex((String) step);
            if (sn == 0) {
                throw new NotOk("the proof of position " + position + " is too long");
            }
            if ((fn & 1) == 1 || fn == sn) {
                hash = sha((byte) 1, other, hash);
                while ((fn & 1) == 0 && fn != 0) {
                    fn >>= 1;
                    sn >>= 1;
                }
            } else {
                hash = sha((byte) 1, hash, other);
            }
            fn >>= 1;
            sn >>= 1;
        }
        if (sn != 0 || !Arrays.equals(hash, root)) {
            throw new NotOk("the event at position " + position + " is not the one that was signed");
        }
    }

    /** The sequences of an account's stream are 0, 1, 2 ... : how many there are, by stream. */
    private static Map<String, Long> checkWhole(String manifest, Collection<Map<String, Object>> events) {
        Map<String, Long> next = new TreeMap<>();
        manifest.lines()
                .filter(line -> line.startsWith("account "))
                .forEach(line -> next.put("account/" + line.substring("account ".length()), 0L));
        for (Map<String, Object> event : events) {
            String stream = (String) event.get("stream");
            if (stream.startsWith("account/")) {
                long expected = next.getOrDefault(stream, 0L);
                if (Long.parseLong((String) event.get("sequence")) != expected) {
                    throw new NotOk("of " + stream + " the event with the sequence " + expected + " is missing");
                }
                next.put(stream, expected + 1);
            }
        }
        next.forEach((stream, count) -> {
            if (count == 0) {
                throw new NotOk("the pack has no event of " + stream);
            }
        });
        return next;
    }

    private static void checkReadable(List<Map<String, Object>> readable, Map<Object, Map<String, Object>> events) {
        Map<Object, Map<String, Object>> unread = new LinkedHashMap<>(events);
        for (Map<String, Object> read : readable) {
            Map<String, Object> event = unread.remove(read.get("position"));
            if (event == null
                    || !event.get("name").equals(read.get("event"))
                    || !Instant.ofEpochMilli(Long.parseLong((String) event.get("recordedAtMillis")))
                            .toString()
                            .equals(read.get("recordedAt"))
                    || !new Json((String) event.get("metadata")).object().equals(read.get("metadata"))
                    || !saysTheSame(new Json((String) event.get("payload")).object(), read.get("payload"))) {
                throw new NotOk("readable.jsonl does not say what events.jsonl says of position " + read.get("position"));
            }
        }
        if (!unread.isEmpty()) {
            throw new NotOk("readable.jsonl lacks position " + unread.keySet().iterator().next());
        }
    }

    private static boolean saysTheSame(Object stored, Object readable) {
        if (stored instanceof Map<?, ?> fields && readable instanceof Map<?, ?> read) {
            return read.keySet().containsAll(fields.keySet())
                    && read.entrySet().stream()
                            .allMatch(field -> fields.containsKey(field.getKey())
                                    ? saysTheSame(fields.get(field.getKey()), field.getValue())
                                    : NOTHING.contains(field.getValue()));
        }
        if (stored instanceof List<?> all && readable instanceof List<?> read) {
            return all.size() == read.size()
                    && IntStream.range(0, all.size()).allMatch(i -> saysTheSame(all.get(i), read.get(i)));
        }
        return stored.equals(readable) || (stored instanceof String text && SEALED.matcher(text).matches());
    }

    private static void put(ByteArrayOutputStream bytes, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        bytes.writeBytes(ByteBuffer.allocate(4).putInt(utf8.length).array());
        bytes.writeBytes(utf8);
    }

    private static byte[] sha(byte kind, byte[] one, byte[] other) throws Exception {
        MessageDigest sha = MessageDigest.getInstance("SHA-256");
        sha.update(kind);
        sha.update(one);
        return sha.digest(other);
    }

    private static List<Map<String, Object>> objects(ZipFile pack, String name) throws Exception {
        return text(pack, name)
                .lines()
                .filter(line -> !line.isBlank())
                .map(line -> new Json(line).object())
                .toList();
    }

    private static String text(ZipFile pack, String name) throws Exception {
        ZipEntry entry = pack.getEntry(name);
        if (entry == null) {
            throw new NotOk("the pack has no " + name);
        }
        try (InputStream in = pack.getInputStream(entry)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static final class NotOk extends RuntimeException {

        NotOk(String why) {
            super(why);
        }
    }

    /** As much JSON as a pack has. Numbers and the like are texts. */
    private static final class Json {

        private final String text;
        private int at;

        Json(String text) {
            this.text = text;
        }

        private Object value() {
            return switch (peek()) {
                case '{' -> object();
                case '[' -> list();
                case '"' -> string();
                default -> word();
            };
        }

        Map<String, Object> object() {
            Map<String, Object> object = new TreeMap<>();
            expect('{');
            while (peek() != '}') {
                String name = string();
                expect(':');
                if (object.put(name, value()) != null) {
                    throw new NotOk("a line of the pack says " + name + " twice");
                }
                if (peek() == ',') {
                    at++;
                }
            }
            at++;
            return object;
        }

        private List<Object> list() {
            List<Object> list = new ArrayList<>();
            expect('[');
            while (peek() != ']') {
                list.add(value());
                if (peek() == ',') {
                    at++;
                }
            }
            at++;
            return list;
        }

        private String word() {
            int from = at;
            while (at < text.length() && ",]} ".indexOf(text.charAt(at)) < 0) {
                at++;
            }
            if (at == from) {
                throw new NotOk("a line of the pack is not well formed");
            }
            return text.substring(from, at);
        }

        private String string() {
            expect('"');
            StringBuilder string = new StringBuilder();
            for (char c = text.charAt(at++); c != '"'; c = text.charAt(at++)) {
                if (c != '\\') {
                    string.append(c);
                    continue;
                }
                char escaped = text.charAt(at++);
                switch (escaped) {
                    case 'n' -> string.append('\n');
                    case 't' -> string.append('\t');
                    case 'r' -> string.append('\r');
                    case 'b' -> string.append('\b');
                    case 'f' -> string.append('\f');
                    case 'u' -> {
                        string.append((char) Integer.parseInt(text.substring(at, at + 4), 16));
                        at += 4;
                    }
                    default -> string.append(escaped);
                }
            }
            return string.toString();
        }

        private char peek() {
            while (Character.isWhitespace(text.charAt(at))) {
                at++;
            }
            return text.charAt(at);
        }

        private void expect(char c) {
            if (peek() != c) {
                throw new NotOk("a line of the pack is not well formed");
            }
            at++;
        }
    }
}
