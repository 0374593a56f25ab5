package dev.eventshop.standalone.data;

import dev.eventshop.personaldata.key.MasterKeys;
import dev.eventshop.standalone.settings.UserSettings;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.Map;
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

    private PersonalDataFiles() {}

    /** Another one each time: a key that was lost must not be taken for the one that is made in its place. */
    private static String newName() {
        return "key-" + UUID.randomUUID().toString().substring(0, 8);
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
            settings.put(ERASURE_LIST, folder.folder("erasures").toString());
        }
        return settings;
    }
}
