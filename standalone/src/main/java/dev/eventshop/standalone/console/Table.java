package dev.eventshop.standalone.console;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Rows of texts under each other, as wide as the longest of each column. */
public final class Table {

    private static final String GAP = "  ";

    private final List<List<String>> rows = new ArrayList<>();

    public void row(String... cells) {
        rows.add(List.of(cells));
    }

    public void printTo(PrintWriter out) {
        int[] widths = widths();
        for (List<String> row : rows) {
            out.println(line(widths, row));
        }
    }

    private int[] widths() {
        int[] widths = new int[0];
        for (List<String> row : rows) {
            widths = Arrays.copyOf(widths, Math.max(widths.length, row.size()));
            for (int column = 0; column < row.size(); column++) {
                widths[column] = Math.max(widths[column], row.get(column).length());
            }
        }
        return widths;
    }

    /** @return one row with these widths; cells without one come as they are */
    public static String line(int[] widths, List<String> cells) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < cells.size(); column++) {
            String cell = cells.get(column);
            line.append(cell).append(GAP);
            if (column < widths.length) {
                line.append(" ".repeat(Math.max(0, widths[column] - cell.length())));
            }
        }
        return line.toString().stripTrailing();
    }
}
