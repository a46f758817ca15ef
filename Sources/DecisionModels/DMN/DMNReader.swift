package import Decisions
import Markup

/// Reads a decision model and those it imports, which are found among the others by their namespace.
///
/// Logic that cannot be read is null and noted in the `faults` of its model, so that the rest of it works.
package func readDecisionModel(_ main: DMNFile, others: [DMNFile] = []) throws(DMNError) -> ModelSet {
    let document = try DMNDocument(main)
    // A file beside the model that is none is nobody's mistake.
    let candidates = document.imports.isEmpty ? [] : others.compactMap { try? DMNDocument($0) }
    var byNamespace = Dictionary(candidates.map { ($0.namespace, $0) }, uniquingKeysWith: { first, _ in first })
    byNamespace[document.namespace] = document
    var needed: [DMNDocument] = []
    var open = [document]
    var seen: Set<String> = [document.namespace]
    while let next = open.popLast() {
        for link in next.imports where seen.insert(link.namespace).inserted {
            guard let found = byNamespace[link.namespace] else {
                throw .missingImport(file: next.file, namespace: link.namespace)
            }
            needed.append(found)
            open.append(found)
        }
    }
    return ModelSet(
        DMNReader(document, among: byNamespace).model(),
        imported: needed.map { DMNReader($0, among: byNamespace).model() })
}

/// Makes a model of a document.
private struct DMNReader {
    private let document: DMNDocument
    private let imported: [(name: String, document: DMNDocument)]
    private let types: DMNTypes
    /// The names that every expression of the model may meet behind a point.
    private let names: Names
    private let elementNames: [String: String]

    init(_ document: DMNDocument, among documents: [String: DMNDocument]) {
        self.document = document
        imported = document.imports.compactMap { link in documents[link.namespace].map { (link.name, $0) } }
        types = DMNTypes(document, imported: imported)
        var properties = document.propertyNames.union(imported.map(\.name))
        for (_, document) in imported { properties.formUnion(document.propertyNames) }
        names = Names(properties)
        elementNames = Dictionary(
            document.root.children.compactMap { element in
                element.attribute("name").map { (Self.id(of: element), $0) }
            }, uniquingKeysWith: { first, _ in first })
    }

    private static func id(of element: XMLElement) -> String {
        element.attribute("id") ?? element.attribute("name") ?? ""
    }

    func model() -> DecisionModel {
        var elements: [DecisionModel.Element] = []
        var faults: [DecisionModel.Fault] = []
        for element in document.root.children {
            guard let name = element.attribute("name"),
                let (made, found) = self.element(element, name: name)
            else { continue }
            elements.append(made)
            faults += found
        }
        return DecisionModel(
            name: document.name, namespace: document.namespace,
            imports: document.imports.map { DecisionModel.Import(name: $0.name, namespace: $0.namespace) },
            elements: elements, types: types.all, faults: faults)
    }

    private func element(
        _ element: XMLElement, name: String
    ) -> (DecisionModel.Element, [DecisionModel.Fault])? {
        var boxes = DMNBoxes(element: name, types: types)
        let requirements = requirements(of: element)
        var type = types.type(named: element.first("variable")?.attribute("typeRef"))
        let kind: DecisionModel.Kind
        switch element.name {
        case "inputData": kind = .input
        case "decision": kind = .decision(boxes.box(in: element, visible(requirements)))
        case "businessKnowledgeModel":
            type = type?.result ?? type
            guard let logic = element.first("encapsulatedLogic"),
                case .function(let parameters, let body) = boxes.function(logic, visible(requirements))
            else {
                kind = .decision(.absent)
                break
            }
            kind = .knowledge(
                parameters, body: types.type(named: logic.attribute("typeRef")).map { .typed(body, $0) } ?? body)
        case "decisionService":
            type = type?.result ?? type
            func references(_ name: String) -> [DecisionModel.Reference] { element.all(name).compactMap(reference) }
            kind = .service(
                DecisionModel.Service(
                    outputs: references("outputDecision"), inner: references("encapsulatedDecision"),
                    inputDecisions: references("inputDecision"), inputs: references("inputData")))
        default: return nil
        }
        let made = DecisionModel.Element(
            id: Self.id(of: element), name: name, type: type, kind: kind, requirements: requirements)
        return (made, boxes.faults)
    }

    private func requirements(of element: XMLElement) -> [DecisionModel.Reference] {
        element.children.filter { $0.name == "informationRequirement" || $0.name == "knowledgeRequirement" }
            .flatMap(\.children).compactMap(reference)
    }

    /// `#id`, or `namespace#id` for an element of another model.
    private func reference(_ element: XMLElement) -> DecisionModel.Reference? {
        guard let href = element.attribute("href") else { return nil }
        let parts = href.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return DecisionModel.Reference(namespace: nil, id: href) }
        return DecisionModel.Reference(namespace: parts[0].isEmpty ? nil : String(parts[0]), id: String(parts[1]))
    }

    /// The names that an element with these requirements sees.
    private func visible(_ requirements: [DecisionModel.Reference]) -> Names {
        var names = names
        for requirement in requirements {
            if let name = elementNames[requirement.id] { names.insert(name) }
        }
        return names
    }
}
