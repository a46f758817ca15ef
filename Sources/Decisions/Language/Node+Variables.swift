extension Node {
    /// What an expression reads from its scope: names, with the path behind each, that no part of it binds.
    var variables: [(name: String, node: Node)] {
        var found: [(name: String, node: Node)] = []
        collect(into: &found)
        return found
    }

    private func collect(into found: inout [(name: String, node: Node)]) {
        if let name = dottedName {
            if !found.contains(where: { $0.name == name }) { found.append((name, self)) }
            return
        }
        for part in parts { part.collect(into: &found) }
    }

    /// `a.b.c` for a path that begins with a name of the scope.
    private var dottedName: String? {
        switch self {
        case .global(let name): name.text
        case .path(let node, let name): node.dottedName.map { "\($0).\(name.text)" }
        default: nil
        }
    }

    private var parts: [Node] {
        switch self {
        case .constant, .local, .global, .temporal: []
        case .implicit(_, _, let otherwise): [otherwise]
        case .list(let nodes), .conjunction(let nodes), .disjunction(let nodes), .builtin(_, let nodes, _): nodes
        case .context(let entries): entries.map(\.node)
        case .range(let start, let end, _, _): [start, end]
        case .comparisonRange(_, let node), .negation(let node), .instance(let node, _), .path(let node, _),
            .function(_, _, _, let node):
            [node]
        case .arithmetic(_, let left, let right), .comparison(_, let left, let right): [left, right]
        case .between(let node, let low, let high): [node, low, high]
        case .membership(let node, let tests): [node] + tests.compactMap(\.node)
        case .conditional(let condition, let then, let otherwise): [condition, then, otherwise]
        case .iteration(let iterators, _, let body): iterators.flatMap(\.nodes) + [body]
        case .quantified(_, let iterators, let condition): iterators.flatMap(\.nodes) + [condition]
        case .filter(let node, let condition, _): [node, condition]
        case .call(let node, let arguments, _, _): [node] + arguments
        }
    }
}

extension Node.Test {
    var node: Node? {
        switch self {
        case .any: nil
        case .comparison(_, let node), .value(let node), .condition(let node): node
        }
    }
}

extension Node.Iterator {
    fileprivate var nodes: [Node] { [domain] + (end.map { [$0] } ?? []) }
}
