import DecisionModels
import Decisions
import Kernel
import Markup
import Testing

@Suite("A decision model")
struct DecisionModelTests {
    private static func file(_ body: String, name: String = "m", imports: String = "", dmn: String = "20230324/MODEL/")
        -> DMNFile
    {
        DMNFile(
            name: "\(name).dmn",
            bytes: Array(
                """
                <definitions xmlns="https://www.omg.org/spec/DMN/\(dmn)" name="\(name)" namespace="urn:\(name)">
                \(imports)\(body)</definitions>
                """.utf8))
    }

    private static func literal(_ id: String, _ text: String, needs: [String] = [], type: String = "Any") -> String {
        """
        <decision id="\(id)" name="\(id)"><variable name="\(id)" typeRef="\(type)"/>
        \(needs.map { "<informationRequirement><requiredDecision href=\"\($0)\"/></informationRequirement>" }.joined())
        <literalExpression><text>\(text)</text></literalExpression></decision>
        """
    }

    private static func evaluate(_ file: DMNFile, _ name: String, _ others: [DMNFile] = []) throws -> Value {
        try readDecisionModel(file, others: others).evaluate(name, inputs: [:]).value
    }

    @Test(
        "is read from every version of DMN",
        arguments: ["20151101/dmn.xsd", "20180521/MODEL/", "20191111/MODEL/", "20211108/MODEL/", "20230324/MODEL/"])
    func versions(dmn: String) throws {
        #expect(try Self.evaluate(Self.file(Self.literal("差旅 标准", "1 + 1"), dmn: dmn), "差旅 标准") == 2)
    }

    @Test("hands on what decisions need, and nothing else")
    func requirements() throws {
        let body = Self.literal("a", "2") + Self.literal("b", "a * 21", needs: ["#a"]) + Self.literal("c", "a * 21")
        #expect(try Self.evaluate(Self.file(body), "b") == 42)
        #expect(try Self.evaluate(Self.file(body), "c") == .null)
    }

    @Test("makes null of decisions in a circle and of values of another type")
    func nulls() throws {
        let circle = Self.literal("a", "b", needs: ["#b"]) + Self.literal("b", "a", needs: ["#a"])
        #expect(try Self.evaluate(Self.file(circle), "a") == .null)
        #expect(try Self.evaluate(Self.file(Self.literal("a", "\"x\"", type: "number")), "a") == .null)
    }

    @Test("works out a long chain of decisions, and refuses an endless recursion")
    func depth() throws {
        let chain =
            Self.literal("d0", "0")
            + (1..<3_000).map { Self.literal("d\($0)", "d\($0 - 1) + 1", needs: ["#d\($0 - 1)"]) }.joined()
        #expect(try Self.evaluate(Self.file(chain), "d2999") == 2999)
        let endless = """
            <businessKnowledgeModel id="f" name="f"><variable name="f"/><encapsulatedLogic>
            <formalParameter name="x"/><literalExpression><text>f(x + 1)</text></literalExpression>
            </encapsulatedLogic></businessKnowledgeModel>
            <decision id="a" name="a"><knowledgeRequirement><requiredKnowledge href="#f"/></knowledgeRequirement>
            <literalExpression><text>f(1)</text></literalExpression></decision>
            """
        #expect(throws: ModelError.self) { try Self.evaluate(Self.file(endless), "a") }
    }

    @Test("takes elements of other models by the name of the import")
    func imports() throws {
        let link =
            "<import name=\"lib\" namespace=\"urn:lib\" importType=\"https://www.omg.org/spec/DMN/20230324/MODEL/\"/>"
        let main = Self.file(Self.literal("a", "lib.b + 1", needs: ["urn:lib#b"]), imports: link)
        let library = Self.file(Self.literal("b", "41"), name: "lib")
        #expect(try Self.evaluate(main, "a", [library]) == 42)
        #expect(throws: DMNError.missingImport(file: "m.dmn", namespace: "urn:lib")) { try Self.evaluate(main, "a") }
    }

    @Test("keeps on with the rest where one decision cannot be read, and says the line")
    func faults() throws {
        let models = try readDecisionModel(Self.file(Self.literal("a", "1 +") + Self.literal("b", "2")))
        #expect(models.main.faults.map(\.element) == ["a"])
        #expect(models.main.faults.first?.line == 4)
        #expect(try models.evaluate("b", inputs: [:]).value == 2)
        #expect(try models.evaluate("a", inputs: [:]).value == .null)
    }

    @Test("refuses declarations, other files, and questions it does not know")
    func refusals() {
        let declared = DMNFile(name: "x.dmn", bytes: Array("<!DOCTYPE a><definitions/>".utf8))
        #expect(throws: DMNError.notXML(.dtdForbidden, file: "x.dmn")) { try readDecisionModel(declared) }
        let page = DMNFile(name: "x.dmn", bytes: Array("<html/>".utf8))
        #expect(throws: DMNError.notDMN(file: "x.dmn", root: "html", namespace: "")) { try readDecisionModel(page) }
        #expect(throws: ModelError.unknownDecision("z", known: ["a"])) {
            try Self.evaluate(Self.file(Self.literal("a", "1")), "z")
        }
    }
}
