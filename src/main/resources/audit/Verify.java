import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Checks an evidence pack of the direct payment ledger, with a JDK (17 or later) and nothing else: no ledger, no network.
 *
 *     java Verify.java pack.zip [public-key.txt]
 *
 * It checks that the checkpoint was signed with the public key, and that every event in the pack is, text for text, the one that was hashed
 * into it when it was recorded. Name a public key that you had before, and you need not trust the pack's own.
 */
public class Verify {

    public static void main(String[] arguments) throws Exception {
        if (arguments.length < 1) {
            System.err.println("usage: java Verify.java pack.zip [public-key.txt]");
            System.exit(2);
        }
        try (ZipFile pack = new ZipFile(arguments[0])) {
            String key = arguments.length > 1
                    ? java.nio.file.Files.readString(java.nio.file.Path.of(arguments[1]))
                    : text(pack, "public-key.txt");
            String note = text(pack, "checkpoint.txt");
            String body = note.substring(0, note.indexOf("\n\n") + 1);
            String line = note.substring(note.indexOf("\n\n") + 2).strip();
            byte[] signed = Base64.getDecoder().decode(line.substring(line.lastIndexOf(' ') + 1));
            Signature signature = Signature.getInstance("Ed25519");
            signature.initVerify(KeyFactory.getInstance("Ed25519")
                    .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(key.strip()))));
            signature.update(body.getBytes(StandardCharsets.UTF_8));
            if (!signature.verify(Arrays.copyOfRange(signed, 4, signed.length))) {
                fail("the checkpoint was not signed with this key");
            }
            String[] lines = body.split("\n");
            long size = Long.parseLong(lines[1]);
            byte[] root = Base64.getDecoder().decode(lines[2]);
            int events = 0;
            for (String json : text(pack, "events.jsonl").split("\n")) {
                if (!json.isBlank()) {
                    check(new Json(json).object(), size, root);
                    events++;
                }
            }
            System.out.println("OK: " + events + " events are in the log of " + size + " events that was " + lines[3] + ".");
        }
    }

    private static void check(Map<String, Object> event, long size, byte[] root) throws Exception {
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
                fail("the proof of position " + position + " is too long");
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
            fail("the event at position " + position + " is not the one that was signed");
        }
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

    private static String text(ZipFile pack, String name) throws Exception {
        ZipEntry entry = pack.getEntry(name);
        if (entry == null) {
            fail("the pack has no " + name);
        }
        try (InputStream in = pack.getInputStream(entry)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static void fail(String why) {
        System.err.println("NOT OK: " + why + ".");
        System.exit(1);
    }

    /** As much JSON as a pack has: objects of strings and lists of strings. */
    private static final class Json {

        private final String text;
        private int at;

        Json(String text) {
            this.text = text;
        }

        Map<String, Object> object() {
            Map<String, Object> object = new TreeMap<>();
            expect('{');
            while (peek() != '}') {
                String name = string();
                expect(':');
                object.put(name, peek() == '[' ? list() : string());
                if (peek() == ',') {
                    at++;
                }
            }
            return object;
        }

        private List<String> list() {
            List<String> list = new ArrayList<>();
            expect('[');
            while (peek() != ']') {
                list.add(string());
                if (peek() == ',') {
                    at++;
                }
            }
            at++;
            return list;
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
                fail("a line of the pack is not well formed");
            }
            at++;
        }
    }
}
