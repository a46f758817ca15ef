/// How a simulator misbehaves; counters count calls to the vendor's interface, not to its tokens.
package struct FakeSwitches: Sendable {
    /// What a token says of itself.
    package var tokenLifetimeSeconds = 7_200
    /// Every n-th call finds its token ended; 0 is never.
    package var endsTokenEvery = 0
    /// Every n-th call is answered with a throttling error; 0 is never.
    package var throttlesEvery = 0
    /// Every n-th call is cut in the middle of its body; 0 is never.
    package var cutsEvery = 0
    /// Every n-th call is answered by a page for people, as a proxy on the way would; 0 is never.
    package var answersPagesEvery = 0
    package var delayMilliseconds = 0
    /// What is written back is refused for good.
    package var refusesWriteBack = false
    /// What is written back is kept, and its answer never arrives.
    package var losesWriteBackAnswers = false

    package init() {}

    /// Whether the n-th call is one of every so many.
    static func isDue(_ every: Int, _ number: Int) -> Bool { every > 0 && number.isMultiple(of: every) }
}

/// What was written back to a simulator: the truth a test compares with.
package struct FakeNote: Hashable, Sendable {
    package let instance: String
    package let user: String
    package let text: String
}
