package dev.eventshop.query.cache;

/** Makes caches, all in the same place. */
public interface ViewCaches {

    /**
     * @param name kebab-case
     * @param type a record without personal data, which JSON can hold
     */
    <V> ViewCache<V> of(String name, Class<V> type);
}
