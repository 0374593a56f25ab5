package dev.eventshop.query.stream;

import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Something that streams tell of, by its number. Asked on threads that work on no request. */
public interface Feed {

    /** @return the version of each of them that is there; one query, whatever the number */
    Map<Integer, Long> versions(Collection<Integer> numbers);

    /**
     * @param version what was told last; less than any for nothing
     * @return what changed since, oldest first; the last of all messages again to whoever has it already
     */
    List<Message> since(int number, long version);

    /**
     * @param version greater than that of the message before
     * @param id      tells a client where to go on, without line breaks
     * @param data    to be written as JSON
     * @param last    nothing will ever follow: the stream ends
     */
    record Message(long version, String id, Object data, boolean last) {

        /** Its version is its id. */
        public Message(long version, Object data, boolean last) {
            this(version, Long.toString(version), data, last);
        }
    }
}
