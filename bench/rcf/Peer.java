import com.amazon.randomcutforest.RandomCutForest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Scores and learns the points of a file with AWS's forest, once for each line "seed scores-file" on its input, and answers
 * "nanoseconds cpu-nanoseconds" of the measured points. Everything that is not named here is AWS's default.
 * Arguments: points-file (float64, little endian), dimensions, trees, sample size, decay, points of warm-up.
 */
public final class Peer {
    private Peer() {
    }

    public static void main(String[] args) throws IOException {
        int dimensions = Integer.parseInt(args[1]);
        float[][] points = read(Path.of(args[0]), dimensions);
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in));
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            String[] round = line.trim().split(" ", 2);
            RandomCutForest forest = RandomCutForest.builder().dimensions(dimensions).numberOfTrees(Integer.parseInt(args[2]))
                    .sampleSize(Integer.parseInt(args[3])).timeDecay(Double.parseDouble(args[4]))
                    .randomSeed(Long.parseLong(round[0])).parallelExecutionEnabled(false).build();
            System.out.println(run(forest, points, Integer.parseInt(args[5]), Path.of(round[1])));
        }
    }

    private static String run(RandomCutForest forest, float[][] points, int warmUp, Path scoresFile) throws IOException {
        for (int i = 0; i < warmUp; i++) {
            forest.getAnomalyScore(points[i]);
            forest.update(points[i]);
        }
        double[] scores = new double[points.length - warmUp];
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long cpuStart = threads.getCurrentThreadCpuTime();
        long start = System.nanoTime();
        for (int i = warmUp; i < points.length; i++) {
            scores[i - warmUp] = forest.getAnomalyScore(points[i]);
            forest.update(points[i]);
        }
        long nanos = System.nanoTime() - start;
        long cpu = threads.getCurrentThreadCpuTime() - cpuStart;
        ByteBuffer bytes = ByteBuffer.allocate(scores.length * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asDoubleBuffer().put(scores);
        Files.write(scoresFile, bytes.array());
        return nanos + " " + cpu;
    }

    private static float[][] read(Path file, int dimensions) throws IOException {
        DoubleBuffer values = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN).asDoubleBuffer();
        float[][] points = new float[values.remaining() / dimensions][dimensions];
        for (float[] point : points) {
            for (int j = 0; j < dimensions; j++) {
                point[j] = (float) values.get();
            }
        }
        return points;
    }
}
