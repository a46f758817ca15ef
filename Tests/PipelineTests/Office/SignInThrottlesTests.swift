import Kernel
import Pipeline
import Testing

@Suite("SignInThrottles")
struct SignInThrottlesTests {
    private static let now = Timestamp(seconds: 1_774_074_600)

    @Test("let one of many guesses that come at once through")
    func sideBySide() throws {
        let throttles = SignInThrottles()
        try throttles.begin("wang@10.0.0.1", at: Self.now)
        for _ in 1...20 { #expect(throws: (any Error).self) { try throttles.begin("wang@10.0.0.1", at: Self.now) } }
        try throttles.begin("wang@10.0.0.2", at: Self.now)
        throttles.succeed("wang@10.0.0.1")
        try throttles.begin("wang@10.0.0.1", at: Self.now)
    }

    @Test("keep who is locked out, whatever names are made up")
    func flood() throws {
        let throttles = SignInThrottles()
        var time = Self.now
        for _ in 1...12 {
            try throttles.begin("wang@10.0.0.1", at: time)
            time = time.adding(seconds: 15 * 60)
        }
        try throttles.begin("wang@10.0.0.1", at: time)
        for number in 1...SignInThrottles.limit * 2 { try throttles.begin("nobody-\(number)@10.0.0.9", at: time) }
        #expect(throws: (any Error).self) { try throttles.begin("wang@10.0.0.1", at: time.adding(seconds: 60)) }
    }
}
