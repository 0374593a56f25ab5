package dev.eventshop.benchmarks.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** Draws bars and lines. */
final class Svg {

    private static final List<String> COLORS = List.of("#2f6db5", "#d9822b", "#8a95a5", "#6a4c93");
    private static final int WIDTH = 860;
    private static final int HEIGHT = 380;
    private static final int LEFT = 80;
    private static final int RIGHT = 20;
    private static final int TOP = 80;
    private static final int BOTTOM = 50;
    private static final double GAP = 0.25;

    private final StringBuilder svg = new StringBuilder();

    private Svg(String title) {
        svg.append("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + WIDTH + " " + HEIGHT + "\" width=\""
                + WIDTH
                + "\" height=\"" + HEIGHT + "\" role=\"img\" aria-labelledby=\"title\">\n<title id=\"title\">" + title
                + "</title>\n<style>text { font: 13px system-ui, \"Segoe UI\", Roboto, \"DejaVu Sans\", sans-serif;"
                + " fill: #1d2530; } .title { font-size: 16px; font-weight: 700; } .grid { stroke: #d6dbe2; }</style>\n"
                + "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n");
        text(LEFT, 26, "start", "title", title);
    }

    /**
     * @param groups of bars, by name; on a logarithmic scale, since what is compared differs by factors
     * @return groups of bars, with their values
     */
    static String bars(String title, String unit, Map<String, Map<String, Double>> groups) {
        Svg svg = new Svg(title);
        List<String> names = groups.values().stream()
                .flatMap(bars -> bars.keySet().stream())
                .distinct()
                .toList();
        double highest = highest(groups.values().stream().flatMap(bars -> bars.values().stream()));
        double lowest = groups.values().stream()
                .flatMap(bars -> bars.values().stream())
                .filter(value -> value > 0)
                .mapToDouble(Double::doubleValue)
                .min()
                .orElse(1);
        double from = Math.floor(Math.log10(lowest) - 0.3);
        double to = Math.max(from + 1, Math.ceil(Math.log10(highest)));
        for (double power = from; power <= to; power++) {
            svg.grid((power - from) / (to - from), label(Math.pow(10, power)));
        }
        svg.legend(names, unit + ", logarithmic");
        double groupWidth = (double) (WIDTH - LEFT - RIGHT) / Math.max(1, groups.size());
        int group = 0;
        for (Map.Entry<String, Map<String, Double>> each : groups.entrySet()) {
            double x = LEFT + group * groupWidth + groupWidth * GAP / 2;
            double width = groupWidth * (1 - GAP) / Math.max(1, names.size());
            for (Map.Entry<String, Double> bar : each.getValue().entrySet()) {
                int index = names.indexOf(bar.getKey());
                double height =
                        bar.getValue() <= 0 ? 0 : Math.max(0, (Math.log10(bar.getValue()) - from) / (to - from));
                double y = y(height);
                svg.svg.append(String.format(
                        Locale.ROOT,
                        "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"/>%n",
                        x + index * width + 2,
                        y,
                        width - 4,
                        y(0) - y,
                        COLORS.get(index % COLORS.size())));
                svg.text(x + (index + 0.5) * width, y - 4, "middle", "", label(bar.getValue()));
            }
            svg.text(LEFT + (group + 0.5) * groupWidth, HEIGHT - BOTTOM + 20, "middle", "", each.getKey());
            group++;
        }
        return svg.end();
    }

    /**
     * @param step   of the points of a line, in the unit of the x axis
     * @param series lines by name, from 0
     */
    static String lines(String title, String across, String unit, int step, Map<String, List<Double>> series) {
        Svg svg = new Svg(title);
        double highest = highest(series.values().stream().flatMap(List::stream));
        double scale = Math.pow(10, Math.floor(Math.log10(highest)));
        double top = Math.ceil(highest / scale) * scale;
        for (int line = 0; line <= 4; line++) {
            svg.grid(line / 4.0, label(top * line / 4));
        }
        svg.legend(new ArrayList<>(series.keySet()), unit);
        int points = series.values().stream().mapToInt(List::size).max().orElse(1);
        double width = (double) (WIDTH - LEFT - RIGHT) / Math.max(1, points);
        int index = 0;
        for (List<Double> values : series.values()) {
            StringBuilder path = new StringBuilder();
            for (int point = 0; point < values.size(); point++) {
                path.append(String.format(
                        Locale.ROOT, "%.1f,%.1f ", LEFT + (point + 0.5) * width, y(values.get(point) / top)));
            }
            svg.svg.append("<polyline fill=\"none\" stroke-width=\"2.5\" stroke=\"" + COLORS.get(index % COLORS.size())
                    + "\" points=\"" + path.toString().strip() + "\"/>\n");
            index++;
        }
        for (int point = 0; point < points; point++) {
            svg.text(
                    LEFT + (point + 0.5) * width,
                    HEIGHT - BOTTOM + 20,
                    "middle",
                    "",
                    Integer.toString((point + 1) * step));
        }
        svg.text(WIDTH - RIGHT, HEIGHT - 10, "end", "", across);
        return svg.end();
    }

    private static double highest(Stream<Double> values) {
        return Math.max(1, values.mapToDouble(Double::doubleValue).max().orElse(1));
    }

    private static double y(double share) {
        return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM);
    }

    private static String label(double value) {
        return value >= 10 || value == 0
                ? String.format(Locale.ROOT, "%,.0f", value).replace(',', '\u00a0')
                : String.format(Locale.ROOT, value >= 1 ? "%.1f" : "%.2f", value);
    }

    private void grid(double share, String label) {
        svg.append(String.format(
                Locale.ROOT,
                "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>%n",
                LEFT,
                WIDTH - RIGHT,
                y(share),
                y(share)));
        text(LEFT - 8, y(share) + 4, "end", "", label);
    }

    private void legend(List<String> names, String unit) {
        double x = LEFT;
        for (int i = 0; i < names.size(); i++) {
            svg.append(String.format(
                    Locale.ROOT,
                    "<rect x=\"%.1f\" y=\"42\" width=\"12\" height=\"12\" fill=\"%s\"/>%n",
                    x,
                    COLORS.get(i % COLORS.size())));
            text(x + 18, 53, "start", "", names.get(i));
            x += 40 + 7.2 * names.get(i).length();
        }
        text(WIDTH - RIGHT, 26, "end", "", unit);
    }

    private void text(double x, double y, String anchor, String style, String text) {
        svg.append(String.format(
                Locale.ROOT,
                "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\"%s>%s</text>%n",
                x,
                y,
                anchor,
                style.isEmpty() ? "" : " class=\"" + style + "\"",
                text));
    }

    private String end() {
        return svg.append("</svg>\n").toString();
    }
}
