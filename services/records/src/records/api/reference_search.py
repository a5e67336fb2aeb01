"""How reference documents are searched: a province, words of the name, a page."""

from typing import Annotated, Final

from fastapi import Depends, Query

from records.storage.reference.entries import PAGE_DEFAULT, Search

_PAGE_MAX: Final = 100
_SKIP_MAX: Final = 10_000

ProvinceCode = Annotated[str, Query(pattern=r"^[0-9]{2}$")]


async def _search(
    province: ProvinceCode,
    name: Annotated[str, Query(max_length=100)] = "",
    limit: Annotated[int, Query(ge=1, le=_PAGE_MAX)] = PAGE_DEFAULT,
    skip: Annotated[int, Query(ge=0, le=_SKIP_MAX)] = 0,
) -> Search:
    return Search(province_code=province, name=name, limit=limit, skip=skip)


ReferenceSearch = Annotated[Search, Depends(_search)]
