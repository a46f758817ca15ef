import Kernel
import Pipeline
import Synchronization
import Testing

@Suite("SteadyClock")
struct SteadyClockTests {
    @Test("goes on from where it was when the clock below is set back, however often")
    func setBack() {
        let below = Mutex<Int64>(1_000)
        let clock = SteadyClock { Timestamp(microseconds: below.withLock { $0 }) }
        var seen: [Int64] = []
        for reading: Int64 in [1_000, 1_010, 10, 15, 5, 2_000] {
            below.withLock { $0 = reading }
            seen.append(clock.now.microseconds)
        }
        #expect(seen == [1_000, 1_010, 1_010, 1_015, 1_015, 3_010])
    }
}
