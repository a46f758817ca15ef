import Pipeline
import Testing

@Suite("CreditCode")
struct CreditCodeTests {
    @Test(
        "takes 18 characters with the right check character",
        arguments: [
            ("91330199MA68B9QL7C", true), ("91330199ma68b9ql7c", true), ("91330199MA22F6NB3C", true),
            ("91330199MA22F6NB3Q", false),
            ("91330199MA68B9QL7D", false), ("91330199MA68B9QL7", false), ("91330199MA68B9QL7CC", false),
            ("91330199MA68B9QI7C", false), ("", false),
        ]
    )
    func check(text: String, isOne: Bool) {
        #expect((CreditCode(text) != nil) == isOne)
    }
}
