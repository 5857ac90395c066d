"""One module per page or family of pages: parse, open the transaction, call one service, answer."""

from fastapi import APIRouter

EVERY: tuple[APIRouter, ...] = ()
