using CsCheck;

namespace SmallRtnl.Framework.Tests.Namespaces;

/// <summary>The list against lists and sorted dictionaries that change in place.</summary>
public sealed class PersistentListProperties
{
    private enum Change
    {
        Insert,
        InsertLast,
        Replace,
        Remove,
        RemoveFirst,
    }

    private static readonly Gen<(Change What, double Where)> s_changes = Gen.Select(
        Gen.Frequency((6, Gen.Const(Change.Insert)), (6, Gen.Const(Change.InsertLast)), (2, Gen.Const(Change.Replace)), (5, Gen.Const(Change.Remove)), (1, Gen.Const(Change.RemoveFirst))),
        Gen.Double[0, 1]);

    [Fact]
    public void Changes_do_what_they_do_to_a_list_and_leave_earlier_versions_alone() => s_changes.List[0, 3_000].Sample(
        changes =>
        {
            var model = new List<int>();
            PersistentList<int> list = default;
            PersistentList<int> earlier = default;
            int[] kept = [];
            int next = 0;
            foreach ((Change what, double where) in changes)
            {
                int at = (int)(where * model.Count);
                if (model.Count == 0 || what == Change.InsertLast)
                    at = model.Count;
                else if (what == Change.RemoveFirst)
                    at = 0;
                else if (what != Change.Insert)
                    at = Math.Min(at, model.Count - 1);
                if (model.Count == 0 || what is Change.Insert or Change.InsertLast)
                {
                    model.Insert(at, ++next);
                    list = list.WithInserted(at, next);
                }
                else if (what == Change.Replace)
                {
                    model[at] = ++next;
                    list = list.WithReplaced(at, next);
                }
                else
                {
                    model.RemoveAt(at);
                    list = list.WithRemoved(at);
                }
                if (next % 97 == 0)
                {
                    Assert.Equal(kept, earlier);
                    (earlier, kept) = (list, [.. model]);
                }
            }
            Assert.Equal(model, list);
            Assert.Equal(kept, earlier);
            Assert.Equal(model.Count, list.Count);
            Assert.Equal(model.Count == 0, list.IsEmpty);
            for (int i = 0; i < model.Count; i += 7)
            {
                Assert.Equal(model[i], list[i]);
                PersistentList<int>.Enumerator rest = list.GetEnumerator(i);
                Assert.True(rest.MoveNext());
                Assert.Equal(model[i], rest.Current);
            }
        },
        iter: 60,
        threads: 1);

    [Fact]
    public void Kept_sorted_it_is_a_map() => Gen.Select(Gen.Bool, Gen.Int[0, 2_000]).List[0, 3_000].Sample(
        changes =>
        {
            var model = new SortedDictionary<int, string>();
            PersistentList<KeyValuePair<int, string>> list = default;
            foreach ((bool isKept, int key) in changes)
            {
                Assert.Equal(model.ContainsKey(key), list.TryFind<int, ByKey>(in key, out int at));
                if (!isKept && model.Remove(key))
                {
                    list = list.WithRemoved(at);
                }
                else if (isKept)
                {
                    KeyValuePair<int, string> entry = KeyValuePair.Create(key, $"{key} at {at}");
                    list = model.ContainsKey(key) ? list.WithReplaced(at, entry) : list.WithInserted(at, entry);
                    model[key] = entry.Value;
                }
            }
            Assert.Equal(model, list);
        },
        iter: 60,
        threads: 1);

    [Fact]
    public void Of_equal_items_the_first_is_found()
    {
        for (int before = 0; before < 100; before++)
        {
            int[] items = [.. Enumerable.Repeat(1, before), .. Enumerable.Repeat(2, 70), .. Enumerable.Repeat(3, before)];
            PersistentList<int> list = PersistentList.Of(items);
            Assert.True(list.TryFind<int, ByValue>(2, out int at));
            Assert.Equal(before, at);
            Assert.False(list.TryFind<int, ByValue>(4, out at));
            Assert.Equal(items.Length, at);
        }
    }

    [Fact]
    public void A_list_of_any_length_is_made_at_once_and_filtered()
    {
        foreach (int length in (int[])[0, 1, 31, 32, 33, 1_023, 1_024, 1_025, 40_000])
        {
            int[] items = [.. Enumerable.Range(0, length)];
            PersistentList<int> list = PersistentList.Of(items);
            Assert.Equal(items, list);
            foreach (int step in (int[])[1, 2, 100_000])
            {
                var condition = new IsMultiple(step);
                Assert.Equal(items.Where(item => item % step == 0), list.Where(in condition));
            }
        }
    }

    [Fact]
    public void Positions_outside_are_refused()
    {
        PersistentList<int> list = PersistentList.Of(1, 2);
        Assert.Throws<ArgumentOutOfRangeException>(() => list[2]);
        Assert.Throws<ArgumentOutOfRangeException>(() => list[-1]);
        Assert.Throws<ArgumentOutOfRangeException>(() => list.WithInserted(3, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => list.WithReplaced(2, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => list.WithRemoved(2));
        Assert.Throws<ArgumentOutOfRangeException>(() => list.GetEnumerator(3));
        Assert.Throws<ArgumentOutOfRangeException>(() => default(PersistentList<int>)[0]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_change_of_a_large_list_copies_a_few_nodes(bool isLast)
    {
        PersistentList<object> list = PersistentList.Of<object>([.. Enumerable.Range(0, 100_000)]);
        object item = new();
        Assert.Equal(100_001, list.WithInserted(isLast ? list.Count : 50_000, item).WithRemoved(7).Count + 1);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
            list = list.WithInserted(isLast ? list.Count : (i * 977) % list.Count, item);
        // Four levels of at most 32: a copy of everything would be 80,000,000.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, 100 * 5_000);
    }

    [Fact]
    public void What_shrinks_again_is_one_array_in_the_end()
    {
        PersistentList<int> list = PersistentList.Of([.. Enumerable.Range(0, 10_000)]);
        while (list.Count > 10)
            list = list.WithRemoved(list.Count / 2);
        Assert.Equal([0, 1, 2, 3, 4, 9_995, 9_996, 9_997, 9_998, 9_999], list);
        _ = list.WithInserted(0, 1);
        long before = GC.GetAllocatedBytesForCurrentThread();
        _ = list.WithInserted(0, 1);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, 24 + (11 * sizeof(int)) + 8);
    }

    private readonly struct ByKey : IKeyOrder<KeyValuePair<int, string>, int>
    {
        public static int Compare(KeyValuePair<int, string> item, in int key) => item.Key.CompareTo(key);
    }

    private readonly struct ByValue : IKeyOrder<int, int>
    {
        public static int Compare(int item, in int key) => item.CompareTo(key);
    }

    private readonly struct IsMultiple(int step) : IItemCondition<int>
    {
        public bool Suits(int item) => item % step == 0;
    }
}
