package dev.eventshop.personaldata.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class PersonKeyTest {

    private final byte[] bytes = AesGcm.randomKey();
    private final PersonKey key = new PersonKey("user-1", bytes);

    @Test
    void opensWhatItSealed() {
        assertThat(key.open(key.seal("Đặng Thị Ánh 🙂", "a"), "a")).isEqualTo("Đặng Thị Ánh 🙂");
        assertThat(key.open(key.seal("", "a"), "a")).isEmpty();
    }

    @Test
    void sealsTheSameTextDifferentlyEachTimeAndWithoutIt() {
        byte[] sealed = key.seal("ada@example.com", "a");

        assertThat(sealed).isNotEqualTo(key.seal("ada@example.com", "a"));
        assertThat(new String(sealed, StandardCharsets.ISO_8859_1)).doesNotContain("ada", "example");
    }

    @Test
    void doesNotOpenWhatWasMovedOrChangedOrIsSomebodyElses() {
        byte[] sealed = key.seal("text", "a");
        byte[] changed = sealed.clone();
        changed[changed.length - 1] ^= 1;

        assertThatThrownBy(() -> key.open(sealed, "b")).isInstanceOf(CorruptDataException.class);
        assertThatThrownBy(() -> key.open(changed, "a")).isInstanceOf(CorruptDataException.class);
        assertThatThrownBy(() -> key.open(new byte[3], "a")).isInstanceOf(CorruptDataException.class);
        assertThatThrownBy(() -> new PersonKey("user-2", bytes).open(sealed, "a"))
                .isInstanceOf(CorruptDataException.class);
    }

    @Test
    void hashesTellPartsAndKindsApart() {
        IndexKey index = new IndexKey(AesGcm.randomKey());

        assertThat(index.hash("account", "ab", "c"))
                .hasSize(32)
                .isEqualTo(index.hash("account", "ab", "c"))
                .isNotEqualTo(index.hash("account", "a", "bc"))
                .isNotEqualTo(index.hash("email", "ab", "c"))
                .isNotEqualTo(new IndexKey(AesGcm.randomKey()).hash("account", "ab", "c"));
    }
}
