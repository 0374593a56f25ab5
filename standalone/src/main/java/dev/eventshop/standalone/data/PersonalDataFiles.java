package dev.eventshop.standalone.data;

import dev.eventshop.personaldata.key.MasterKeys;
import dev.eventshop.standalone.console.ExitCode;
import dev.eventshop.standalone.console.Refused;
import dev.eventshop.standalone.settings.UserSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Where the services find the master key to personal data, and the list of who was erased: in the data folder, unless the
 * user has put them elsewhere. Both are apart from the database.
 */
public final class PersonalDataFiles {

    private static final String MASTER_KEY_FILE = "eventshop.personal-data.master-key-file";
    private static final String MASTER_KEYS = "eventshop.personal-data.master-keys";
    private static final String ERASURE_LIST = "eventshop.personal-data.erasure-list";
    private static final String FOLDER = "keys";
    private static final String KEY = FOLDER + "/master.key";
    private static final String ERASURES = "erasures";

    private PersonalDataFiles() {}

    /** Another one each time: a key that was lost must not be taken for the one that is made in its place. */
    private static String newName() {
        return "key-" + UUID.randomUUID().toString().substring(0, 8);
    }

    /**
     * @return the names of the master keys that the services would find
     * @throws Refused when they can't be read
     */
    public static Set<String> masterKeys(DataFolder folder, UserSettings user) {
        Optional<String> text = user.text(MASTER_KEYS);
        Path file = user.text(MASTER_KEY_FILE).map(Path::of).orElse(folder.folder(KEY));
        try {
            return text.isEmpty() && !Files.exists(file)
                    ? Set.of()
                    : MasterKeys.parse(text.isPresent() ? text.get() : Files.readString(file))
                            .names();
        } catch (IOException | IllegalArgumentException e) {
            throw new Refused(ExitCode.DATA_FOLDER, "The master keys in " + file + " can't be read.", e);
        }
    }

    /** @return where the list of erasures is, or is going to be */
    public static Path erasureList(DataFolder folder, UserSettings user) {
        return user.text(ERASURE_LIST).map(Path::of).orElse(folder.folder(ERASURES));
    }

    /** Makes the key when there is none. @return settings of the services */
    public static Map<String, Object> open(DataFolder folder, UserSettings user) {
        Map<String, Object> settings = new LinkedHashMap<>();
        if (user.text(MASTER_KEY_FILE).isEmpty() && user.text(MASTER_KEYS).isEmpty()) {
            folder.madeFolder(FOLDER);
            folder.protect(KEY);
            if (!Files.exists(folder.folder(KEY))) {
                folder.write(KEY, MasterKeys.newLine(newName()) + "\n");
            }
            settings.put(MASTER_KEY_FILE, folder.folder(KEY).toString());
        }
        if (user.text(ERASURE_LIST).isEmpty()) {
            settings.put(ERASURE_LIST, folder.folder(ERASURES).toString());
        }
        return settings;
    }
}
