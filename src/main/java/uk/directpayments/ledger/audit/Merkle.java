package uk.directpayments.ledger.audit;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import uk.directpayments.ledger.kernel.Hashes;

/**
 * The Merkle tree of RFC 6962, section 2.1, over hashes of complete subtrees. Pure: {@link Nodes} says where they are kept. Node {@code (level,
 * index)} covers the {@code 2^level} leaves from {@code index · 2^level} on.
 */
final class Merkle {

    /** Of a tree without leaves. */
    static final byte[] EMPTY = Hashes.sha256().digest();

    /** Where the hashes of complete subtrees are kept. */
    interface Nodes {
        byte[] hash(int level, long index);
    }

    private Merkle() {}

    static byte[] leaf(byte[] content) {
        MessageDigest sha = Hashes.sha256();
        sha.update((byte) 0);
        return sha.digest(content);
    }

    static byte[] node(byte[] left, byte[] right) {
        MessageDigest sha = Hashes.sha256();
        sha.update((byte) 1);
        sha.update(left);
        return sha.digest(right);
    }

    static byte[] leaf(String content) {
        return leaf(content.getBytes(StandardCharsets.UTF_8));
    }

    /** The root of a complete subtree. @param below a whole level of it: 1, 2, 4, … hashes */
    static byte[] whole(List<byte[]> below) {
        List<byte[]> level = below;
        while (level.size() > 1) {
            List<byte[]> above = new ArrayList<>();
            for (int i = 0; i < level.size(); i += 2) {
                above.add(node(level.get(i), level.get(i + 1)));
            }
            level = above;
        }
        return level.get(0);
    }

    /** MTH of the leaves from {@code from}, inclusive, to {@code to}, exclusive; at most two lookups a level. */
    static byte[] root(Nodes nodes, long from, long to) {
        long n = to - from;
        if (n == 0) {
            return EMPTY;
        }
        if (Long.bitCount(n) == 1 && from % n == 0) {
            return nodes.hash(Long.numberOfTrailingZeros(n), from / n);
        }
        long k = split(n);
        return node(root(nodes, from, from + k), root(nodes, from + k, to));
    }

    /** PATH(m, D[n]): what is hashed with leaf {@code m}, from below. */
    static List<byte[]> inclusion(Nodes nodes, long m, long size) {
        List<byte[]> path = new ArrayList<>();
        inclusion(nodes, m, 0, size, path);
        return path;
    }

    private static void inclusion(Nodes nodes, long m, long from, long to, List<byte[]> path) {
        long n = to - from;
        if (n == 1) {
            return;
        }
        long k = split(n);
        if (m < from + k) {
            inclusion(nodes, m, from, from + k, path);
            path.add(root(nodes, from + k, to));
        } else {
            inclusion(nodes, m, from + k, to, path);
            path.add(root(nodes, from, from + k));
        }
    }

    /** PROOF(m, D[n]): that the tree of {@code n} leaves begins with that of {@code m}. */
    static List<byte[]> consistency(Nodes nodes, long m, long n) {
        List<byte[]> proof = new ArrayList<>();
        if (m > 0 && m < n) {
            consistency(nodes, m, 0, n, true, proof);
        }
        return proof;
    }

    private static void consistency(Nodes nodes, long m, long from, long to, boolean whole, List<byte[]> proof) {
        long n = to - from;
        if (m == n) {
            if (!whole) {
                proof.add(root(nodes, from, to));
            }
            return;
        }
        long k = split(n);
        if (m <= k) {
            consistency(nodes, m, from, from + k, whole, proof);
            proof.add(root(nodes, from + k, to));
        } else {
            consistency(nodes, m - k, from + k, to, false, proof);
            proof.add(root(nodes, from, from + k));
        }
    }

    /** The largest power of two smaller than n. */
    private static long split(long n) {
        return Long.highestOneBit(n - 1);
    }

    /** The root of a tree while it grows, leaf by leaf: the complete subtrees on its right edge. */
    static final class Growing {

        private final List<byte[]> peaks = new ArrayList<>();
        private long size;

        /** A complete subtree that a leaf has finished. */
        interface Finished {
            void node(int level, long index, byte[] hash);
        }

        void add(byte[] leaf, Finished finished) {
            byte[] hash = leaf;
            int level = 0;
            finished.node(0, size, leaf);
            for (long rest = size; (rest & 1) == 1; rest >>= 1) {
                hash = Merkle.node(peaks.remove(peaks.size() - 1), hash);
                level++;
                finished.node(level, size >> level, hash);
            }
            peaks.add(hash);
            size++;
        }

        long size() {
            return size;
        }

        byte[] root() {
            if (peaks.isEmpty()) {
                return EMPTY;
            }
            byte[] root = peaks.get(peaks.size() - 1);
            for (int i = peaks.size() - 2; i >= 0; i--) {
                root = Merkle.node(peaks.get(i), root);
            }
            return root;
        }

        /** Goes on from a tree that is kept. */
        static Growing from(Nodes nodes, long size) {
            Growing growing = new Growing();
            long from = 0;
            for (int level = 62; level >= 0; level--) {
                if ((size >> level & 1) == 1) {
                    growing.peaks.add(nodes.hash(level, from >> level));
                    from += 1L << level;
                }
            }
            growing.size = size;
            return growing;
        }
    }
}
