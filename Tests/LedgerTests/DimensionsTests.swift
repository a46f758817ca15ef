import Kernel
import Ledger
import Testing

@Suite("Dimensions")
struct DimensionsTests {
    @Test("are equal in whatever order they were given")
    func order() {
        let one: Dimensions = ["部门": "D10", "人员": "E001"]
        let other: Dimensions = ["人员": "E001", "部门": "D10"]
        #expect(one == other)
        #expect(one.key == "人员=E001;部门=D10")
        #expect(one["部门"] == "D10")
        #expect(one["项目"] == nil)
    }

    @Test(
        "are read back from their key",
        arguments: [[:], ["部门": "D10"], ["a=b;c": #"\x;y=z"#, "b": "=", "项目": "P-1;"]] as [Dimensions]
    )
    func roundTrip(dimensions: Dimensions) throws {
        #expect(Dimensions(key: dimensions.key) == dimensions)
        #expect(Dimensions(json: dimensions.json) == dimensions)
    }

    @Test(
        "have no other key than their own",
        arguments: ["部门", "部门=", "=D10", "b=1;a=1", "a=1;a=2", "a=1;", "a=1=2", #"a=1\"#, ";", #"a=\1"#]
    )
    func refuses(key: String) {
        #expect(Dimensions(key: key) == nil)
    }

    @Test("name each kind once, and at most sixteen")
    func limits() {
        let item = Dimensions.Item(kind: "部门", code: "D10")
        #expect(Dimensions([item, item]) == nil)
        #expect(Dimensions([Dimensions.Item(kind: "部门", code: "")]) == nil)
        #expect(Dimensions((0..<16).map { Dimensions.Item(kind: "k\($0)", code: "1") }) != nil)
        #expect(Dimensions((0..<17).map { Dimensions.Item(kind: "k\($0)", code: "1") }) == nil)
    }
}
