package dev.eventshop.personaldata.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MasterKeysTest {

    private static final String ONE = MasterKeys.newLine("one");
    private static final String TWO = MasterKeys.newLine("two");

    @Test
    void theFirstWrapsAndAllUnwrap() {
        MasterKeys before = MasterKeys.parse("# comment\n\n" + ONE + "\n");
        byte[] wrapped = before.wrap(new byte[] {1, 2, 3}, "user-1");

        MasterKeys after = MasterKeys.parse(TWO + "\n" + ONE);

        assertThat(after.current()).isEqualTo("two");
        assertThat(after.unwrap("one", wrapped, "user-1")).containsExactly(1, 2, 3);
    }

    @Test
    void aKeyCantBePassedOffAsSomebodyElses() {
        MasterKeys keys = MasterKeys.parse(ONE);
        byte[] wrapped = keys.wrap(new byte[] {1, 2, 3}, "user-1");

        assertThatThrownBy(() -> keys.unwrap("one", wrapped, "user-2")).isInstanceOf(CorruptDataException.class);
    }

    @Test
    void aMissingOneIsNamed() {
        byte[] wrapped = MasterKeys.parse(ONE).wrap(new byte[] {1}, "user-1");

        assertThatThrownBy(() -> MasterKeys.parse(TWO).unwrap("one", wrapped, "user-1"))
                .isInstanceOf(MissingMasterKeyException.class)
                .hasMessageContaining("\"one\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "# nothing", "one", "one c2hvcnQ=", "o/ne AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="})
    void whatIsNoKeyIsRefusedWithoutShowingIt(String text) {
        assertThatThrownBy(() -> MasterKeys.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .doesNotContain("c2hvcnQ");
    }

    @Test
    void theSameBytesInHexAreTheSameKey() {
        byte[] wrapped = MasterKeys.parse("one AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")
                .wrap(new byte[] {1, 2, 3}, "user-1");

        assertThat(MasterKeys.parse("one 000102030405060708090a0b0c0d0e0f101112131415161718191A1B1C1D1E1F")
                        .unwrap("one", wrapped, "user-1"))
                .containsExactly(1, 2, 3);
    }

    @Test
    void aNameThatIsThereTwiceIsRefused() {
        assertThatThrownBy(() -> MasterKeys.parse(ONE + "\n" + MasterKeys.newLine("one")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void itsTextShowsNoKey() {
        assertThat(MasterKeys.parse(ONE).toString()).isEqualTo("MasterKeys[one]");
    }
}
