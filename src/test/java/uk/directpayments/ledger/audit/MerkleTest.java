package uk.directpayments.ledger.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The tree against the known answers of Certificate Transparency's reference tests, and every proof of small trees against RFC 9162's checks. */
class MerkleTest {

    /** The eight leaves of the reference implementation's test vectors. */
    private static final List<String> LEAVES =
            List.of("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f");

    @ParameterizedTest
    @CsvSource({
        "1, 6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "2, fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "3, aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "4, d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "5, 4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "6, 76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "7, ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "8, 5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
    })
    void theRootIsThatOfTheKnownAnswers(int size, String root) {
        Tree tree = new Tree(size);
        assertThat(hex(Merkle.root(tree, 0, size))).isEqualTo(root);
        assertThat(hex(tree.growing.root())).isEqualTo(root);
    }

    @Test
    void aWholeLevelOfASubtreeHasTheRootOfItsLeaves() {
        for (int count = 1; count <= 16; count *= 2) {
            List<byte[]> leaves = new ArrayList<>();
            Merkle.Growing grown = new Merkle.Growing();
            for (int i = 0; i < count; i++) {
                leaves.add(Merkle.leaf("leaf " + i));
                grown.add(leaves.get(i), (level, index, hash) -> {});
            }
            assertThat(Merkle.whole(leaves)).as(count + " leaves").isEqualTo(grown.root());
        }
    }

    @Test
    void aTreeWithoutLeavesIsTheHashOfNothing() {
        assertThat(hex(Merkle.EMPTY)).isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }

    @Test
    void everyInclusionProofLeadsToTheRootAndNoOtherLeafFitsIt() {
        for (int size = 1; size <= 40; size++) {
            Tree tree = new Tree(size);
            byte[] root = tree.growing.root();
            for (int leaf = 0; leaf < size; leaf++) {
                List<byte[]> path = Merkle.inclusion(tree, leaf, size);
                assertThat(climbed(tree.leaf(leaf), leaf, size, path)).isEqualTo(root);
                assertThat(climbed(Merkle.leaf("other"), leaf, size, path)).isNotEqualTo(root);
            }
        }
    }

    @Test
    void everyConsistencyProofLeadsFromTheOldRootToTheNew() {
        for (int to = 1; to <= 40; to++) {
            Tree tree = new Tree(to);
            for (int from = 1; from <= to; from++) {
                List<byte[]> proof = Merkle.consistency(tree, from, to);
                assertThat(isConsistent(from, to, Merkle.root(tree, 0, from), tree.growing.root(), proof))
                        .as(from + " to " + to)
                        .isTrue();
                assertThat(isConsistent(from, to, Merkle.leaf("x"), tree.growing.root(), proof))
                        .isFalse();
            }
        }
    }

    @Test
    void aTreeThatGoesOnFromWhatIsKeptGrowsTheSame() {
        for (int size = 0; size < 33; size++) {
            Tree tree = new Tree(size);
            Merkle.Growing on = Merkle.Growing.from(tree, size);
            assertThat(on.root()).isEqualTo(tree.growing.root());
            on.add(Merkle.leaf("more"), (level, index, hash) -> {});
            tree.add("more");
            assertThat(on.root()).isEqualTo(tree.growing.root());
        }
    }

    /** RFC 9162, 2.1.3.2. */
    private static byte[] climbed(byte[] leaf, long index, long size, List<byte[]> path) {
        long fn = index;
        long sn = size - 1;
        byte[] hash = leaf;
        for (byte[] step : path) {
            if ((fn & 1) == 1 || fn == sn) {
                hash = Merkle.node(step, hash);
                while ((fn & 1) == 0 && fn != 0) {
                    fn >>= 1;
                    sn >>= 1;
                }
            } else {
                hash = Merkle.node(hash, step);
            }
            fn >>= 1;
            sn >>= 1;
        }
        return sn == 0 ? hash : new byte[0];
    }

    /** RFC 9162, 2.1.4.2. */
    private static boolean isConsistent(long first, long second, byte[] oldRoot, byte[] newRoot, List<byte[]> proof) {
        if (first == second) {
            return proof.isEmpty() && Arrays.equals(oldRoot, newRoot);
        }
        List<byte[]> path = new ArrayList<>(proof);
        if (Long.bitCount(first) == 1) {
            path.add(0, oldRoot);
        }
        long fn = first - 1;
        long sn = second - 1;
        while ((fn & 1) == 1) {
            fn >>= 1;
            sn >>= 1;
        }
        byte[] fr = path.get(0);
        byte[] sr = path.get(0);
        for (byte[] step : path.subList(1, path.size())) {
            if (sn == 0) {
                return false;
            }
            if ((fn & 1) == 1 || fn == sn) {
                fr = Merkle.node(step, fr);
                sr = Merkle.node(step, sr);
                while ((fn & 1) == 0 && fn != 0) {
                    fn >>= 1;
                    sn >>= 1;
                }
            } else {
                sr = Merkle.node(sr, step);
            }
            fn >>= 1;
            sn >>= 1;
        }
        return sn == 0 && Arrays.equals(fr, oldRoot) && Arrays.equals(sr, newRoot);
    }

    private static String hex(byte[] hash) {
        return HexFormat.of().formatHex(hash);
    }

    private static final class Tree implements Merkle.Nodes {

        private final Map<String, byte[]> nodes = new HashMap<>();
        private final Merkle.Growing growing = new Merkle.Growing();

        Tree(int size) {
            for (int i = 0; i < size; i++) {
                byte[] leaf =
                        i < LEAVES.size() ? Merkle.leaf(HexFormat.of().parseHex(LEAVES.get(i))) : Merkle.leaf("" + i);
                growing.add(leaf, (level, index, hash) -> nodes.put(level + "/" + index, hash));
            }
        }

        void add(String content) {
            growing.add(Merkle.leaf(content), (level, index, hash) -> nodes.put(level + "/" + index, hash));
        }

        byte[] leaf(int index) {
            return hash(0, index);
        }

        @Override
        public byte[] hash(int level, long index) {
            return nodes.get(level + "/" + index);
        }
    }
}
